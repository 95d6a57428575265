// socket.io as its own tutorial does exactly-once: the client's offset is unique in the database, the
// server's offset is the row's number, and who comes back is told what it missed by that number. Tuned
// beyond the tutorial: prepared statements of better-sqlite3 on WAL, WebSockets alone, nothing else served.
//
// PORT, DATABASE (a path), SYNCHRONOUS (FULL or NORMAL), PEOPLE (how many may sign in).

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import Database from 'better-sqlite3';
import { Server } from 'socket.io';

const { PORT, DATABASE, SYNCHRONOUS, PEOPLE } = process.env;

const db = new Database(DATABASE);
db.pragma('journal_mode = WAL');
db.pragma(`synchronous = ${SYNCHRONOUS}`);
db.exec(`
  CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, client_offset TEXT UNIQUE, content TEXT);
  CREATE TABLE IF NOT EXISTS sessions (token_hash BLOB PRIMARY KEY, person INTEGER NOT NULL) WITHOUT ROWID;
`);
const insert = db.prepare('INSERT INTO messages (content, client_offset) VALUES (?, ?)');
const missed = db.prepare('SELECT id, content FROM messages WHERE id > ?');
const session = db.prepare('SELECT person FROM sessions WHERE token_hash = ?');
const hash = (token) => createHash('sha256').update(token).digest();

const signUp = db.prepare('INSERT OR IGNORE INTO sessions VALUES (?, ?)');
db.transaction(() => {
  for (let person = 0; person < Number(PEOPLE); person++) signUp.run(hash(`token-${person}`), person);
})();

const server = createServer((_, response) => response.end('ok'));
const io = new Server(server, { transports: ['websocket'], serveClient: false });

io.use((socket, next) => {
  const row = session.get(hash(String(socket.handshake.auth.token)));
  next(row ? undefined : new Error('not signed in'));
});

io.on('connection', (socket) => {
  socket.on('chat message', (text, clientOffset, acknowledge) => {
    let row;
    try {
      row = insert.run(text, clientOffset);
    } catch (error) {
      // It is stored already: a retry. Anything else is left to the client, which will try again.
      if (error.code === 'SQLITE_CONSTRAINT_UNIQUE') acknowledge();
      return;
    }
    io.emit('chat message', text, row.lastInsertRowid);
    acknowledge();
  });
  if (socket.recovered) return;
  for (const { id, content } of missed.iterate(socket.handshake.auth.serverOffset ?? 0)) {
    socket.emit('chat message', content, id);
  }
});

server.listen(Number(PORT), '127.0.0.1');
