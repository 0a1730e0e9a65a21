// The socket.
export { io } from "socket.io-client";
