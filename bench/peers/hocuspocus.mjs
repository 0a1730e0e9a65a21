// Hocuspocus for comparison: documents in memory alone, each beginning with TEXT. Says its port once it listens.
import { Server } from "@hocuspocus/server";

const server = new Server({
  address: "127.0.0.1",
  port: Number(process.env.PORT),
  quiet: true,
  timeout: 3_600_000, // readers of the load say nothing, and are to stay
  async onLoadDocument({ document }) {
    document.getText("body").insert(0, process.env.TEXT);
  },
});
await server.listen();
console.log("listening");
