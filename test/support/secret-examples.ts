/** A text that holds a secret in one of the usual shapes. */
export interface SecretExample {
  readonly text: string;
  /** What must not be left of it. */
  readonly secret: string;
  /** What must stay around it. */
  readonly kept: string;
}

const SECRET = "Zm9v.YmFy-9f8e7d6c5b4a";
const PEM = ["MIIEowIBAAKCAQEAzN5v", "c2Vjb25kLWxpbmUtb2Y"].join("\n");
const DASHES = "-----";

/** A key as files have it; in parts, so that no scanner takes this file for one. */
export function pemBlock(kind: string, body: string): string {
  return `${DASHES}BEGIN ${kind}${DASHES}\n${body}\n${DASHES}END ${kind}${DASHES}`;
}

/**
 * Shapes that every filter has to know, each by a sentence: the one for what is written into statuses and rows
 * (pkg/api/redact.ts) and the one for the log (pkg/telemetry/redact.ts), whose rooms share no code.
 */
export const secretExamples: Readonly<Record<string, SecretExample>> = {
  "a bearer token": around(`Bearer ${SECRET}`),
  "a bearer token in a header in quotes": around(`-H "Authorization: Bearer ${SECRET}"`),
  "a header of basic authentication": around(`Authorization: Basic ${SECRET}`),
  "a header in JSON": around(`{"Authorization":"Bearer ${SECRET}"}`),
  "a header in JSON in JSON": around(String.raw`{\"authorization\":\"Basic ${SECRET}\"}`),
  "a header with a key": around(`X-Api-Key: ${SECRET}`),
  "a cookie with several values": around(`cookie: a=b; session=${SECRET}`),
  "a JSON web token": { ...around(`eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0`), secret: "c2lnbmF0" },
  "user and password of a URL": around(`https://app:${SECRET}@registry.example/v2`),
  "a password with an at sign in a URL": around(`postgres://app:a@${SECRET}@db:5432/x`),
  "a password with a slash in a URL": around(`https://app:a/${SECRET}@db/x`),
  "a token as the user of a URL": around(`https://${SECRET}@host/x`),
  "a password after an equals sign": around(`password=${SECRET}`),
  "a password in quotes": around(`password = "a ${SECRET}"`),
  "a password in JSON": around(`{"password":"${SECRET}"}`),
  "a password in JSON in JSON": around(String.raw`{\"password\":\"${SECRET}\"}`),
  "a password in YAML": around(`password: ${SECRET}`),
  "a passphrase": around(`passphrase=${SECRET}`),
  "a password in a URL's query": around(`postgres://db/x?password=${SECRET}`),
  "a variable with a secret key": around(`AWS_SECRET_ACCESS_KEY=${SECRET}`),
  "a variable with a token": around(`GITHUB_TOKEN=${SECRET}`),
  "a variable with a number after its name": around(`DB_PASSWORD_2=${SECRET}`),
  "an option of a command": around(`tool --password ${SECRET}`),
  "an access key of AWS": { ...around("AKIAIOSFODNN7EXAMPLE"), secret: "AKIAIOSFODNN7EXAMPLE" },
  "a signed URL": around(`https://s3.example/x?X-Amz-Signature=${SECRET}`),
  "a private key": { ...around(pemBlock("RSA PRIVATE KEY", PEM)), secret: PEM },
  "a private key with headers": {
    ...around(pemBlock("RSA PRIVATE KEY", `DEK-Info: AES-128-CBC,00\n\n${PEM}`)),
    secret: PEM,
  },
  "a private key of another program": { ...around(pemBlock("PGP PRIVATE KEY BLOCK", PEM)), secret: PEM },
  "a private key that was cut off": {
    text: `before\n${pemBlock("PRIVATE KEY", PEM).slice(0, 60)}`,
    secret: PEM.slice(0, 20),
    kept: "before",
  },
  "a token of GitHub": { ...around(`ghp_${"a1".repeat(18)}`), secret: "a1a1" },
  "a token of Slack": { ...around(`xoxb-${"1234567890-".repeat(3)}`), secret: "1234567890" },
};

function around(text: string): SecretExample {
  return { text: `before\n${text}\nafter`, secret: SECRET, kept: "before" };
}
