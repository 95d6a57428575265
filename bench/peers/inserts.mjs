// What SQLite itself can do: one-row statements, prepared once, 32 to a transaction, each commit fsynced,
// into a table with the columns and the indexes that Sarangbang's messages have. better-sqlite3 is a thin
// binding: of the time for a row it takes a few per cent.
//
// node inserts.mjs DATABASE SECONDS BATCH: prints rows a second.

import { randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';

const [path, seconds, batch] = process.argv.slice(2);
const db = new Database(path);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(`
  CREATE TABLE messages (
    id BLOB PRIMARY KEY, room_id BLOB NOT NULL, author_id BLOB NOT NULL, client_id BLOB NOT NULL,
    sent_hash BLOB NOT NULL, text TEXT NOT NULL, posted_at INTEGER NOT NULL, seq INTEGER NOT NULL,
    rev INTEGER NOT NULL);
  CREATE UNIQUE INDEX messages_author_client ON messages (author_id, client_id);
  CREATE UNIQUE INDEX messages_room_seq ON messages (room_id, seq);
  CREATE UNIQUE INDEX messages_room_rev ON messages (room_id, rev);
`);
const insert = db.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
const [room, author] = [randomBytes(16), randomBytes(16)];
const text = 'a'.repeat(200);
let rows = 0;

// In the order of time, as both ids of a message are.
const id = () => {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  return bytes;
};
const commit = db.transaction(() => {
  for (let n = 0; n < Number(batch); n++) {
    rows += 1;
    insert.run(id(), room, author, id(), randomBytes(32), text, Date.now(), rows, rows);
  }
});

const began = performance.now();
while (performance.now() - began < Number(seconds) * 1000) commit.immediate();
console.log((rows * 1000) / (performance.now() - began));
