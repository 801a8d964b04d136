/** What `wfe --help` prints. */
export const usage = `wfe: the command line tool of the workflow execution controller

  wfe bundle push FOLDER REGISTRY/REPOSITORY[:TAG] [--image NAME=REFERENCE]... [--plain-http]
      Packs a folder's Tekton objects into a bundle, pushes it, and prints REGISTRY/REPOSITORY@sha256:…
      on standard output. Without a tag it is pushed under its digest alone.

  wfe bundle pack FOLDER [--image NAME=REFERENCE]...
      Checks and packs only. Prints the digest on standard output and what is in the bundle on standard error.

  --image NAME=REFERENCE   let the steps whose image is NAME run REFERENCE; may be given several times
  --plain-http             talk plain http to the registry, and send credentials that way too
  --help, --version

The same folder and images give the same digest on every machine.
Credentials come from docker's config.json (docker login), in $DOCKER_CONFIG or ~/.docker. A registry's own
certificate authority is named by $NODE_EXTRA_CA_CERTS.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage.
`;
