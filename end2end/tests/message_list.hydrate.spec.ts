// The elements on the screen keep their place and identity while messages arrive.
import { expect, test } from "./support/test";
import { connected, createRoom, enterRoom, lines, newcomer, open, say, signUp } from "./support/verbs";
import { form, places } from "./support/words";
import type { Browser, Page } from "@playwright/test";

declare global {
  interface Window {
    added: string[];
    removed: string[];
    kept: Element | null;
  }
}

/** Two users in one room, both connected; its id. */
async function two(page: Page, browser: Browser): Promise<{ junho: Page; room: string }> {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  await enterRoom(junho, room);
  await connected(page);
  await connected(junho);
  return { junho, room };
}

/** From here on `window.added` and `window.removed` name the items that are added and removed, each time. */
async function watchRows(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.added = [];
    window.removed = [];
    const rows = (nodes: NodeList) =>
      [...nodes]
        .filter((node) => node instanceof HTMLLIElement)
        .map((row) => row.querySelector(".bubble")?.textContent ?? row.textContent ?? "");
    new MutationObserver((mutations) => {
      for (const { addedNodes, removedNodes } of mutations) {
        window.added.push(...rows(addedNodes));
        window.removed.push(...rows(removedNodes));
      }
    }).observe(document.querySelector("[role=log]")!, { childList: true, subtree: true });
  });
}

/** While the socket is held, no frame of the server reaches the page. */
async function holdServer(page: Page): Promise<{ hold(): void; release(): void }> {
  let held: (string | Buffer)[] | undefined;
  let pass = (_: string | Buffer) => {};
  await page.routeWebSocket("**/ws", (socket) => {
    const server = socket.connectToServer();
    pass = (message) => socket.send(message);
    server.onMessage((message) => (held ? held.push(message) : pass(message)));
  });
  return {
    hold: () => (held = []),
    release: () => {
      const messages = held ?? [];
      held = undefined;
      messages.forEach(pass);
    },
  };
}

test("a message of one's own is added once, and so is the one before it", async ({ page, browser }) => {
  const { junho } = await two(page, browser);
  await say(page, "하나");
  await watchRows(page);
  await say(page, "둘");
  await say(page, "셋");
  await say(junho, "넷");
  await say(junho, "다섯");
  await expect(lines(page)).toHaveText(["하나", "둘", "셋", "넷", "다섯"]);
  expect(await page.evaluate(() => [window.added, window.removed])).toEqual([["둘", "셋", "넷", "다섯"], []]);
});

test("what is selected in a message stays so when it is confirmed", async ({ page }) => {
  const server = await holdServer(page);
  await signUp(page, newcomer("민지"));
  await createRoom(page, "공부방");
  await connected(page);
  await say(page, "하나");
  server.hold();
  const draft = page.locator(`${form("post_message")} [name=text]`);
  await draft.fill("둘, 아직 가는 중");
  await draft.press("Enter");
  const pending = page.locator(places.pending);
  await expect(pending).toHaveCount(1);
  await pending.locator(places.text).evaluate((text) => {
    window.kept = text.closest("li");
    getSelection()?.selectAllChildren(text);
  });
  server.release();
  await expect(pending).toHaveCount(0);
  expect(await page.evaluate(() => getSelection()?.toString())).toBe("둘, 아직 가는 중");
  const last = page.locator(places.messages).last();
  expect(await last.evaluate((row) => row === window.kept), "it is the same row").toBe(true);
  await expect(last.locator("time"), "it has its time now").toBeVisible();
});

test("the focus and the selection in a message survive the next one", async ({ page, browser }) => {
  const { junho } = await two(page, browser);
  await say(junho, "여기요 https://example.org/ 보세요");
  const link = page.locator(places.messages).getByRole("link", { name: "https://example.org/" });
  await link.focus();
  await link.evaluate((it) => getSelection()?.selectAllChildren(it.closest(".bubble")!));
  await say(junho, "봤어요?");
  await expect(lines(page)).toHaveCount(2);
  await expect(page.locator(places.messages).first()).not.toHaveClass(/message-last/);
  await expect(link).toBeFocused();
  expect(await page.evaluate(() => getSelection()?.toString())).toBe("여기요 https://example.org/ 보세요");
});

test("a changed name is drawn where it stands, and the row stays", async ({ page, browser }) => {
  const { junho } = await two(page, browser);
  await say(junho, "안녕");
  const row = page.locator(places.messages).first();
  await row.evaluate((it) => (window.kept = it));
  await open(junho, "/profiles");
  await junho.locator(places.profiles).first().click();
  await junho.locator("[name=name]").first().fill("주노");
  await junho.locator("[name=name]").first().press("Enter");
  await expect(row.locator(places.messageName)).toHaveText("주노");
  expect(await row.evaluate((it) => it === window.kept)).toBe(true);
});

test("the list of rooms keeps the focused row, whichever room comes to the front", async ({ page, browser }) => {
  const { junho, room } = await two(page, browser);
  const other = await createRoom(page, "다른 방");
  await enterRoom(junho, other);
  await say(page, "이 방이 위에 있어요");
  await open(page, "/");
  await connected(page);
  const row = (id: string) => page.locator(`${places.rooms}[href="/room/${id}"]`);
  const first = page.locator(places.rooms).first();

  await row(other).focus();
  await row(other).evaluate((it) => (window.kept = it));
  await enterRoom(junho, room);
  await connected(junho);
  await say(junho, "아래 방에서");
  await expect(first).toHaveAttribute("href", `/room/${room}`);
  await expect(row(other)).toBeFocused();
  await enterRoom(junho, other);
  await connected(junho);
  await say(junho, "이 방에서");
  await expect(first).toHaveAttribute("href", `/room/${other}`);
  await expect(row(other)).toContainText("이 방에서");
  await expect(row(other), "it has come to the front itself").toBeFocused();
  expect(await row(other).evaluate((it) => it === window.kept)).toBe(true);
  await page.keyboard.press("Enter");
  await expect(lines(page)).toHaveText(["이 방이 위에 있어요", "이 방에서"]);
});
