// What is submitted while it cannot be sent: it waits on the device, whatever becomes of the page.
import type { Browser, Page } from "@playwright/test";
import { expect, test } from "./support/test";
import {
  alone,
  composer,
  connected,
  enterRoom,
  lines,
  newcomer,
  numbered,
  open,
  say,
  signIn,
  signOut,
  signUp,
} from "./support/verbs";
import { places, words } from "./support/words";

/** Writes without waiting for an answer. */
async function write(page: Page, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    await composer(page).fill(text);
    await composer(page).press("Enter");
  }
}

/** Another user in the room, who has read what is there. */
async function reader(browser: Browser, room: string): Promise<Page> {
  const page = await browser.newPage();
  await signUp(page, newcomer("준호"));
  await enterRoom(page, room);
  await connected(page);
  return page;
}

/** What this origin keeps on the device. */
const stored = (page: Page) => page.evaluate(() => Object.entries({ ...localStorage }));

test("what is written offline is sent once, in order, after the page was closed and opened", async ({
  page,
  browser,
  complaints,
}) => {
  complaints.expectNetworkErrors();
  const room = await alone(page);
  const junho = await reader(browser, room);
  await say(page, "먼저");
  await page.context().setOffline(true);
  await expect(page.locator(places.link)).not.toHaveAttribute("data-link", "open");
  const texts = numbered(20);
  await write(page, ...texts);
  await expect(page.locator(places.pending)).toHaveCount(20);
  expect(await stored(page)).toHaveLength(20);
  const context = page.context();
  await page.close();

  await context.setOffline(false);
  const again = await context.newPage();
  // Not in the room: whatever page is opened sends what waits.
  await open(again, "/");
  for (const user of [junho, again]) {
    if (user === again) await open(again, `/room/${room}`);
    await expect(lines(user)).toHaveText(["먼저", ...texts]);
  }
  await connected(again);
  await expect.poll(() => stored(again)).toEqual([]);
  await expect(again.locator(places.pending)).toHaveCount(0);
  await again.reload();
  await expect(lines(again)).toHaveText(["먼저", ...texts]);
});

test("another tab sends what a closed one has left, and each sends its own once", async ({
  page,
  server,
  complaints,
}) => {
  complaints.expectNetworkErrors();
  const room = await alone(page);
  const [closed, other] = [await page.context().newPage(), await page.context().newPage()];
  for (const tab of [closed, other]) {
    await open(tab, `/room/${room}`);
    await connected(tab);
  }
  await server.stop("SIGKILL");
  for (const tab of [page, closed, other]) {
    await expect(tab.locator(places.link)).toHaveText(words.reconnecting);
  }
  await write(closed, "하나", "둘");
  await closed.close();
  await write(other, "셋");
  await server.start();
  for (const tab of [page, other]) {
    await expect(lines(tab).filter({ hasText: /^(하나|둘|셋)$/ })).toHaveCount(3, { timeout: 60_000 });
    await expect(tab.locator(places.pending)).toHaveCount(0);
  }
  await expect.poll(() => stored(page)).toEqual([]);
  await page.reload();
  await connected(page);
  const texts = await lines(page).allTextContents();
  expect(texts.toSorted()).toEqual(["둘", "셋", "하나"]);
  expect(texts.indexOf("하나"), "in their order").toBeLessThan(texts.indexOf("둘"));
});

test("what one tab has deleted is not sent by another", async ({ page, server, complaints }) => {
  complaints.expectNetworkErrors();
  const room = await alone(page);
  await server.stop("SIGKILL");
  await expect(page.locator(places.link)).toHaveText(words.reconnecting);
  await write(page, "지운 말", "남은 말");
  await expect(page.locator(places.pending)).toHaveCount(2);
  // As another tab does it.
  await page.evaluate(() => {
    for (const [name, text] of Object.entries({ ...localStorage })) {
      if (text.includes("지운 말")) localStorage.removeItem(name);
    }
  });
  await server.start();
  await expect(page.locator(places.pending)).toHaveCount(0, { timeout: 60_000 });
  await expect(lines(page)).toHaveText(["남은 말"]);
  await open(page, `/room/${room}`);
  await expect(lines(page)).toHaveText(["남은 말"]);
});

test("what is refused keeps its text over a reload, and is sent again or deleted", async ({ page }) => {
  let isRefusing = true;
  await page.routeWebSocket("**/ws", (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const frame = JSON.parse(message.toString()) as { type: string; client_id?: string };
      if (frame.type !== "send" || !isRefusing) return server.send(message);
      const { client_id } = frame;
      socket.send(JSON.stringify({ type: "nack", client_id, code: "failed", sentence: "안 돼요" }));
    });
  });
  const room = await alone(page);
  await write(page, "다시 보낼 말", "지울 말");
  const retry = page.getByRole("button", { name: words.retry });
  await expect(retry).toHaveCount(2);
  await open(page, `/room/${room}`);
  await connected(page);
  await expect(lines(page)).toHaveText(["다시 보낼 말", "지울 말"]);
  await expect(retry).toHaveCount(2);
  await expect(page.locator(".message-failed").first()).toHaveAttribute("title", "안 돼요");
  // Elsewhere the list of rooms says it.
  const mark = page.locator(places.rooms).getByText(words.unsent);
  await expect(mark).toBeHidden();
  await open(page, "/");
  await connected(page);
  await expect(mark).toBeVisible();
  await page.locator(places.rooms).click();
  await expect(lines(page)).toHaveText(["다시 보낼 말", "지울 말"]);
  await expect(mark).toBeHidden();
  await page.getByRole("button", { name: words.discard }).last().click();
  await expect(lines(page)).toHaveText(["다시 보낼 말"]);
  isRefusing = false;
  await retry.click();
  await expect(retry).toHaveCount(0);
  await expect(page.locator(places.pending)).toHaveCount(0);
  await expect.poll(() => stored(page)).toEqual([]);
  await open(page, "/");
  await connected(page);
  await expect(mark).toBeHidden();
  await open(page, `/room/${room}`);
  await expect(lines(page)).toHaveText(["다시 보낼 말"]);
});

test("what has waited for more than a day is asked about first", async ({ page, complaints }) => {
  complaints.expectNetworkErrors();
  const room = await alone(page);
  await page.context().setOffline(true);
  await expect(page.locator(places.link)).not.toHaveAttribute("data-link", "open");
  await write(page, "어제 쓴 말", "방금 쓴 말");
  await expect(page.locator(places.pending)).toHaveCount(2);
  await page.evaluate(() => {
    for (const [name, text] of Object.entries({ ...localStorage })) {
      if (!text.includes("어제 쓴 말")) continue;
      const [, room, id, at, rest] = /^(\S+) (\S+) (\d+) (.*)$/s.exec(text) ?? [];
      localStorage.setItem(name, `${room} ${id} ${Number(at) - 25 * 3_600_000} ${rest}`);
    }
  });
  const context = page.context();
  await page.close();
  await context.setOffline(false);
  const again = await context.newPage();
  await open(again, `/room/${room}`);
  await expect(lines(again)).toHaveText(["방금 쓴 말", "어제 쓴 말"]);
  await expect(again.locator(places.pending)).toHaveCount(0);
  await again.getByRole("button", { name: words.retry }).click();
  await expect(again.locator(".message-failed")).toHaveCount(0);
  await expect(again.locator(places.pending)).toHaveCount(0);
  await again.reload();
  await expect(lines(again)).toHaveText(["방금 쓴 말", "어제 쓴 말"]);
});

test("what a user has submitted is never sent as another, and waits for them", async ({
  page,
  complaints,
}) => {
  complaints.expectNetworkErrors();
  const minji = newcomer("민지");
  const room = await alone(page, minji);
  const context = page.context();
  await context.setOffline(true);
  await expect(page.locator(places.link)).not.toHaveAttribute("data-link", "open");
  await write(page, "내가 한 말");
  await expect(page.locator(places.pending)).toHaveCount(1);
  await page.close();
  // The session has ended otherwise than by signing out here.
  await context.clearCookies({ name: /session/ });
  await context.setOffline(false);

  const again = await context.newPage();
  await signUp(again, newcomer("준호"));
  await enterRoom(again, room);
  await connected(again);
  await say(again, "남이 한 말");
  await expect(lines(again)).toHaveText(["남이 한 말"]);
  expect(await stored(again)).toHaveLength(1);
  await context.clearCookies({ name: /session/ });
  await signIn(again, minji);
  await open(again, `/room/${room}`);
  await expect(lines(again)).toHaveText(["남이 한 말", "내가 한 말"]);
});

test("signing out leaves nothing on the device", async ({ page }) => {
  await page.routeWebSocket("**/ws", (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      if (!message.toString().includes('"send"')) server.send(message);
    });
  });
  await alone(page);
  await write(page, "남기고 싶지 않은 말");
  await expect(page.locator(places.pending)).toHaveCount(1);
  expect(await stored(page)).toHaveLength(1);
  await signOut(page);
  expect(await stored(page)).toEqual([]);
});
