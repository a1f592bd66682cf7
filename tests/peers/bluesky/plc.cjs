// The directory of identities, in memory, on PORT.

require("./loopback.cjs");
const { PlcServer, Database } = require("@did-plc/server");

PlcServer.create({ db: Database.mock(), port: Number(process.env.PORT) }).start();
