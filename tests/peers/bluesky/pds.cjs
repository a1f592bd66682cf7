// A Bluesky server on PORT, with its data in DATA and identities from PLC_PORT. Nothing shows its posts:
// there is no AppView. RATE_LIMITS=true lets it count as the real ones do.

require("./loopback.cjs");
const { createHash } = require("node:crypto");
const { mkdirSync } = require("node:fs");
const { PDS, envToCfg, envToSecrets, readEnv } = require("@atproto/pds");

const { DATA, PORT, PLC_PORT, RATE_LIMITS } = process.env;
mkdirSync(`${DATA}/blobs`, { recursive: true });
Object.assign(process.env, {
  PDS_PORT: PORT,
  PDS_HOSTNAME: "localhost",
  PDS_DATA_DIRECTORY: DATA,
  PDS_BLOBSTORE_DISK_LOCATION: `${DATA}/blobs`,
  PDS_DID_PLC_URL: `http://127.0.0.1:${PLC_PORT}`,
  PDS_BSKY_APP_VIEW_URL: "http://127.0.0.1:9",
  PDS_BSKY_APP_VIEW_DID: "did:web:localhost",
  PDS_JWT_SECRET: "jwt-secret-for-loopback",
  PDS_ADMIN_PASSWORD: "admin",
  PDS_DPOP_SECRET: "ab".repeat(32),
  PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: createHash("sha256").update("loopback").digest("hex"),
  PDS_DEV_MODE: "true",
  PDS_INVITE_REQUIRED: "false",
  PDS_SERVICE_HANDLE_DOMAINS: ".test",
  PDS_RATE_LIMITS_ENABLED: RATE_LIMITS ?? "false",
});

(async () => {
  const env = readEnv();
  const pds = await PDS.create(envToCfg(env), envToSecrets(env));
  await pds.start();
})();
