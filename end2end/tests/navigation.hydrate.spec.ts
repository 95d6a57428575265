// Going from room to room without a new document, while frames arrive.
import { expect, test } from "./support/test";
import { connected, createRoom, enterRoom, fillRoom, lines, newcomer, numbered, open, say, signUp } from "./support/verbs";
import { places } from "./support/words";
import type { Page } from "@playwright/test";

const READ_PAGE = "**/api/read_page";

/** Delays one response of `read_page` after the server has sent it: the next, or a later one. */
async function holdPage(page: Page, after = 0): Promise<{ isRead(): boolean; release(): Promise<void> }> {
  let release = () => {};
  const released = new Promise<void>((done) => (release = done));
  let land = () => {};
  const landed = new Promise<void>((done) => (land = done));
  let isRead = false;
  let asked = 0;
  await page.route(READ_PAGE, async (route) => {
    if (asked++ !== after) return route.continue();
    const response = await route.fetch();
    isRead = true;
    await released;
    await route.fulfill({ response });
    land();
  });
  return {
    isRead: () => isRead,
    release: async () => {
      release();
      await landed;
    },
  };
}

const row = (page: Page, room: string) => page.locator(`${places.rooms}[href="/room/${room}"]`);

test("a message that arrives while its room is being opened is there", async ({ page, browser }) => {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  await enterRoom(junho, room);
  await connected(junho);
  await say(junho, "먼저");
  await open(page, "/");
  await connected(page);

  const held = await holdPage(page);
  await row(page, room).click();
  await expect.poll(held.isRead).toBe(true);
  await say(junho, "그 사이에");
  await expect(row(page, room), "the tab has heard of it").toContainText("그 사이에");
  await held.release();
  await expect(lines(page)).toHaveText(["먼저", "그 사이에"]);
});

test("a message that arrives while its room is read afresh is there", async ({ page, browser }) => {
  let tell = (_: object) => {};
  const asked: string[] = [];
  await page.routeWebSocket("**/ws", (socket) => {
    const server = socket.connectToServer();
    tell = (frame) => socket.send(JSON.stringify(frame));
    socket.onMessage((message) => {
      asked.push(message.toString());
      server.send(message);
    });
  });
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  await connected(page);
  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  await enterRoom(junho, room);
  await connected(junho);
  await say(junho, "먼저");
  await expect(lines(page)).toHaveText(["먼저"]);

  const held = await holdPage(page);
  tell({ type: "reset", room });
  await expect.poll(held.isRead).toBe(true);
  await say(junho, "그 사이에");
  await expect(lines(page)).toHaveText(["먼저", "그 사이에"]);
  await held.release();
  await expect.poll(() => asked.some((frame) => frame.includes('"type":"changes"'))).toBe(true);
  await expect(lines(page)).toHaveText(["먼저", "그 사이에"]);
});

test("older messages that were asked for in an earlier visit leave no hole", async ({ page }) => {
  await signUp(page, newcomer("민지"));
  const other = await createRoom(page, "다른 방");
  const room = await createRoom(page, "긴 방");
  const texts = numbered(160);
  await fillRoom(page, room, texts);
  await open(page, `/room/${room}`);
  await connected(page);
  const top = () => page.locator(places.scroller).evaluate((it) => it.scrollTo(0, -it.scrollHeight));

  const held = await holdPage(page, 1);
  await expect(async () => {
    await top();
    expect(held.isRead()).toBe(true);
  }).toPass();
  await expect(lines(page).first()).toHaveText("61번째");
  await row(page, other).click();
  await expect(lines(page)).toHaveCount(0);
  await row(page, room).click();
  await expect(lines(page)).toHaveText(texts.slice(110));
  await held.release();
  await say(page, "끝");
  await expect(lines(page)).toHaveText([...texts.slice(110), "끝"]);
  await expect(async () => {
    await top();
    await expect(lines(page)).toHaveText([...texts, "끝"], { timeout: 500 });
  }).toPass();
});
