import { expect, test } from "./support/test";
import {
  connected,
  createRoom,
  enterRoom,
  fillRoom,
  lines,
  newcomer,
  numbered,
  open,
  say,
  signOut,
  signUp,
} from "./support/verbs";
import { form, places, words } from "./support/words";
import type { Browser, Page } from "@playwright/test";

/** Two users in one room, both connected. */
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

test("a message is shown to both at once, in one order", async ({ page, browser }) => {
  const { junho } = await two(page, browser);
  await say(page, "안녕");
  await say(junho, "어, 안녕!");
  await say(page, "뭐 해?");
  for (const reader of [page, junho]) {
    await expect(lines(reader)).toHaveText(["안녕", "어, 안녕!", "뭐 해?"]);
  }
  await expect(page.locator(".people-button"), "who came in is seen too").toContainText("2명");
});

test("after a reconnection the missed messages arrive, in order, each once", async ({
  page,
  browser,
  complaints,
}) => {
  complaints.expectNetworkErrors();
  const { junho, room } = await two(page, browser);
  await say(page, "하나");
  await junho.context().setOffline(true);
  await expect(junho.locator(places.link)).not.toHaveAttribute("data-link", "open");
  const missed = Array.from({ length: 130 }, (_, index) => `놓친 ${index}`);
  await fillRoom(page, room, missed);
  await junho.context().setOffline(false);
  await connected(junho);
  await expect(lines(junho)).toHaveText(["하나", ...missed]);
});

test("a server that goes away is waited for, and what was written meanwhile is sent once", async ({
  page,
  browser,
  server,
}) => {
  const { junho } = await two(page, browser);
  await say(page, "먼저");
  await server.stop("SIGKILL");
  await expect(page.locator(places.link)).toHaveText(words.reconnecting);
  const draft = page.locator(`${form("post_message")} [name=text]`);
  await draft.fill("끊긴 사이에");
  await draft.press("Enter");
  await expect(page.locator(places.pending)).toHaveCount(1);
  await server.start();
  for (const reader of [page, junho]) {
    await expect(lines(reader)).toHaveText(["먼저", "끊긴 사이에"], { timeout: 40_000 });
  }
  await expect(page.locator(places.pending)).toHaveCount(0);
  await page.reload();
  await expect(lines(page)).toHaveText(["먼저", "끊긴 사이에"]);
});

test("older lines load above without moving what is read", async ({ page }) => {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "긴 방");
  const texts = numbered(160);
  await fillRoom(page, room, texts);
  await open(page, `/room/${room}`);
  const oldest = lines(page).first();
  await expect(oldest).toHaveText("111번째");
  const read = page.getByText("125번째", { exact: true });
  // Measured in the same step: the older messages are requested as soon as they are near.
  const before = await read.evaluate((line) => {
    line.scrollIntoView({ behavior: "instant", block: "center" });
    getSelection()?.selectAllChildren(line);
    return line.getBoundingClientRect().y;
  });
  await expect(oldest).toHaveText("61번째");
  const after = await read.evaluate((line) => line.getBoundingClientRect().y);
  expect(Math.abs(after - before)).toBeLessThan(2);
  expect(await page.evaluate(() => getSelection()?.toString())).toBe("125번째");
  await expect(async () => {
    await page.locator(places.scroller).evaluate((it) => it.scrollTo(0, -it.scrollHeight));
    await expect(lines(page)).toHaveText(texts, { timeout: 500 });
  }).toPass();
});

test("new messages scroll into view only at the end of the list", async ({ page, browser }) => {
  const { junho, room } = await two(page, browser);
  await fillRoom(junho, room, Array.from({ length: 60 }, (_, index) => `줄 ${index}`));
  await expect(lines(page).filter({ hasText: /^줄 59$/ })).toBeInViewport();
  await page.locator(places.scroller).evaluate((it) => it.scrollTo(0, -900));
  const above = await page.locator(places.scroller).evaluate((it) => it.scrollTop);
  expect(above).toBeLessThan(-800);
  const read = page.getByText("줄 35", { exact: true });
  await expect(read).toBeInViewport();
  const before = await read.boundingBox();
  await say(junho, "위를 보는 동안");
  const button = page.getByRole("button", { name: words.newMessages });
  await expect(button).toBeVisible();
  const below = lines(page).filter({ hasText: "위를 보는 동안" });
  await expect(below).not.toBeInViewport();
  expect(await read.boundingBox(), "what is read stays where it is").toEqual(before);
  await button.click();
  await expect(below).toBeInViewport();
  await expect(button).toBeHidden();
});

test("the list shows what is new elsewhere", async ({ page, browser }) => {
  const { junho } = await two(page, browser);
  await open(page, "/");
  await connected(page);
  await say(junho, "여기 봐요");
  const room = page.locator(places.rooms).first();
  await expect(room).toContainText("여기 봐요");
  await expect(room.locator(".pill")).toContainText("1");
  await room.click();
  await expect(lines(page)).toHaveText(["여기 봐요"]);
  await expect(page.locator(".pill")).toHaveCount(0);
  await page.reload();
  await expect(page.locator(".pill"), "the server knows that it was read").toHaveCount(0);
});

test("signing out closes the user's other tabs", async ({ page, context }) => {
  await signUp(page, newcomer("민지"));
  await createRoom(page, "공부방");
  const other = await context.newPage();
  await open(other, "/");
  await connected(other);
  await signOut(page);
  await expect(other).toHaveURL(/\/sign-in/);
});
