// The shape of many first chats: a message is posted to an HTTP handler, which looks up who it is, stores
// it through Prisma, and then tells the room through socket.io.
//
// PORT, DATABASE (a path), PEOPLE (how many there are).

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import Database from 'better-sqlite3';
import { Server } from 'socket.io';
import { PrismaClient } from './prisma/client/index.js';

const { PORT, DATABASE, PEOPLE } = process.env;

const db = new Database(DATABASE);
db.pragma('journal_mode = WAL');
db.exec(readFileSync(new URL('prisma/tables.sql', import.meta.url), 'utf8'));
db.exec(`INSERT OR IGNORE INTO Room (id, title) VALUES (1, 'room')`);
const signUp = db.prepare('INSERT OR IGNORE INTO User (id, name, token) VALUES (?, ?, ?)');
db.transaction(() => {
  for (let n = 0; n < Number(PEOPLE); n++) signUp.run(n + 1, `person ${n}`, `token-${n}`);
})();
db.close();

const prisma = new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: `file:${DATABASE}` }) });
// The adapter has one connection, so this holds for all that follows.
await prisma.$queryRawUnsafe('PRAGMA synchronous = FULL');

const server = createServer(async (request, response) => {
  if (request.method !== 'POST') return response.end('ok');
  const answer = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  try {
    let body = '';
    for await (const piece of request) body += piece;
    const { content, roomId } = JSON.parse(body);
    const token = request.headers.cookie?.replace('session=', '') ?? '';
    const user = await prisma.user.findUnique({ where: { token } });
    if (!user) return answer(401, { error: 'not signed in' });
    const message = await prisma.message.create({
      data: { content, roomId, userId: user.id },
      include: { user: { select: { id: true, name: true } } },
    });
    io.to(`room-${roomId}`).emit('message', message.content, message.user, message.createdAt, message.id);
    answer(201, message);
  } catch (error) {
    answer(500, { error: String(error) });
  }
});
const io = new Server(server, { transports: ['websocket'], serveClient: false });
io.on('connection', (socket) => socket.join('room-1'));
server.listen(Number(PORT), '127.0.0.1');
