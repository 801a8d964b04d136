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

  wfe audit verify [--cluster [--kubeconfig FILE] [--namespace NAMESPACE]] [--checkpoint FILE]...
                   [--public-key FILE]... [--anchor SEQ:HASH]...
      Recomputes the whole chain. Prints PASS with the last row, or FAIL with the first row that is wrong and why.
      Without something that was said of the trail outside of its database, one that was rewritten as a whole or cut
      at its end can't be told from a right one:
        --cluster            the checkpoints and the receipts that the cluster has; --namespace is the controller's,
                             kubernaut-system by default
        --checkpoint FILE    a checkpoint, from the ConfigMap, the controller's log or a backup
        --public-key FILE    by which the checkpoints must be signed; all keys that were ever used
        --anchor SEQ:HASH    a row: the last one of an earlier PASS, or seq and hash of an execution's status.audit

  wfe audit keygen FILE
      Makes a private key for signing checkpoints (AUDIT_SIGNING_KEY_FILE of the controller) and prints the public one.

  wfe audit public-key FILE
      Prints the public key that belongs to a private one.

  wfe audit query [--target T] [--workflow ID] [--actor A] [--remediation NAME] [--outcome O] [--phase P]
                  [--since WHEN] [--until WHEN] [--limit N] [--output table|json|csv]
      Executions that meet all that is said, the newest record first; 50 unless --limit says otherwise (at most 100000).
      T is a target as it is recorded (payment/deployments.apps/api) or as it was requested (payment/deploy/api), or a
      beginning that ends with / (payment/ or nodes/). A asked for it, cancelled it, or cleared the block that it left.
      WHEN is 2026-03-01T10:00:00Z, 2026-03-01 (UTC) or a time ago (90m, 7d): of the execution's first event; --since
      includes the moment, --until doesn't. The table shows what matters; json (one array) and csv (RFC 4180) show
      everything, unchanged: a spreadsheet may take a cell for a formula.

  wfe audit trace NAMESPACE/NAME|UID [--all] [--output table|json]
      The story of one execution in the order of the trail: what happened when, by whom, why, what is new in each event;
      the clearing of the block that it left; the other attempts for the same remediation. Of several that had the name:
      the newest, or --all of them.

  wfe audit completeness [--kubeconfig FILE] [--cluster-id ID]
      Compares the cluster with the trail, both ways. Prints PASS, or FAIL and what differs: an event that the cluster
      has a receipt for and the trail hasn't, a receipt that isn't that of its row, a run that no event names, an
      execution that is gone without an event that says so. What waits to be recorded is told and isn't an error. The
      cluster is that of --kubeconfig or $KUBECONFIG, else as kubectl finds it; it needs the right to get and list
      workflowexecutions, targetlocks and pipelineruns. Where several clusters share the trail, ID is the one to compare.

  wfe audit partitions
      The months of the trail: rows, whether sealed or dropped, when they may be dropped, and what holds them.

  wfe audit hold place --from WHEN --to WHEN --reason TEXT
  wfe audit hold release ID --reason TEXT
  wfe audit hold list
      Keeps what was recorded in a time from being dropped, until it is released; prints the hold's id.

  wfe audit drop PARTITION
      Drops the oldest month, if it is sealed, past the retention period and not held.

  wfe audit hmac NAME
      Prints how the trail writes a hidden value of the parameter NAME: hmac:KEY-ID:…, to be compared with a row. The
      value comes on standard input, byte for byte (printf %s "$VALUE" | wfe audit hmac NAME), the key from
      $AUDIT_HMAC_KEY.

  The audit commands take the database from $DATABASE_URL, which keygen, public-key and hmac don't need. Those that read
  need a login that was granted reader; hold place, hold release and drop one that was granted retention.

  --image NAME=REFERENCE   let the steps whose image is NAME run REFERENCE; may be given several times
  --plain-http             talk plain http to the registry, and send credentials that way too
  --help, --version

The same folder and images give the same digest on every machine.
Credentials come from docker's config.json (docker login), in $DOCKER_CONFIG or ~/.docker. A registry's own
certificate authority is named by $NODE_EXTRA_CA_CERTS.

Exit codes: 0 done, 1 refused, failed or FAIL, 2 wrong usage.
`;
