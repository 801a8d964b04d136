/** What `wfe --help` prints. */
export const usage = `wfe: the command line tool of the workflow execution controller

  wfe bundle push FOLDER REGISTRY/REPOSITORY[:TAG] [--image NAME=REFERENCE]... [--plain-http]
      Packs a folder's Tekton objects into a bundle, pushes it, and prints REGISTRY/REPOSITORY@sha256:…
      on standard output. Without a tag it is pushed under its digest alone.

  wfe bundle pack FOLDER [--image NAME=REFERENCE]...
      Checks and packs only. Prints the digest on standard output and what is in the bundle on standard error.

  wfe audit migrate
      Prepares the database of the audit trail, or brings it to this version. Needs a login that may make roles,
      best a superuser. The controller does the same at its start where its own login may.

  wfe audit grant writer|reader|retention LOGIN
      Lets a login append (the controller), read and verify, or drop what is past its period; nothing else.

  wfe audit verify [--anchor SEQ:HASH]...
      Recomputes the whole chain. Prints PASS with the last row, or FAIL with the first row that is wrong and why.
      An anchor is a row as it was once: the last row of an earlier PASS, or seq and hash of an execution's
      status.audit. Without one, a trail that was rewritten as a whole or cut at its end can't be told from a right one.

  The audit commands take the database from $DATABASE_URL.

  --image NAME=REFERENCE   let the steps whose image is NAME run REFERENCE; may be given several times
  --plain-http             talk plain http to the registry, and send credentials that way too
  --help, --version

The same folder and images give the same digest on every machine.
Credentials come from docker's config.json (docker login), in $DOCKER_CONFIG or ~/.docker. A registry's own
certificate authority is named by $NODE_EXTRA_CA_CERTS.

Exit codes: 0 done, 1 refused, failed or FAIL, 2 wrong usage.
`;
