// A page of the past is live, as the newest is.
import { expect, test } from "./support/test";
import { connected, createRoom, enterRoom, fillRoom, lines, newcomer, numbered, open, say, signUp } from "./support/verbs";
import { places, words } from "./support/words";
import type { Page } from "@playwright/test";

const texts = numbered(200);

/** A reader who has opened the past of a room, and another member; the room's id, and that of the row. */
async function past(page: Page, junho: Page): Promise<{ room: string; id: string }> {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "긴 방");
  await signUp(junho, newcomer("준호"));
  await enterRoom(junho, room);
  await connected(junho);
  await fillRoom(page, room, texts);
  await expect(lines(junho).last()).toHaveText("200번째");
  const newest = await junho.locator(places.messages).last().getAttribute("id");
  const seq = Number(newest!.replace("at-", "")) - 150;
  await open(page, `/room/${room}?at=${seq}`);
  await connected(page);
  return { room, id: `at-${seq}` };
}

async function top(page: Page, id: string): Promise<number> {
  return page.locator(`#${id}`).evaluate((row) => row.getBoundingClientRect().top);
}

test("it opens at its place, and grows to both ends without moving", async ({ page, browser }) => {
  const junho = await browser.newPage();
  const { id } = await past(page, junho);
  await expect(page.locator(`#${id}`)).toBeInViewport();
  await expect(page.locator(`#${id}`)).toContainText("50번째");

  // What is said now would leave a hole; the list of rooms shows that it has arrived.
  await say(junho, "방금 한 말");
  await expect(page.locator(places.rooms)).toContainText("방금 한 말");
  await expect(lines(page).filter({ hasText: "방금 한 말" })).toHaveCount(0);

  const scroller = page.locator("#scroller");
  for (let last = ""; last !== "방금 한 말"; ) {
    last = (await lines(page).last().textContent())!;
    const row = (await page.locator(places.messages).last().getAttribute("id"))!;
    await scroller.evaluate((it) => (it.scrollTop = 0));
    if (last === "방금 한 말") break;
    await expect(lines(page).last()).not.toHaveText(last);
    // The row that was the last is where it was, at the end of the view.
    const end = await scroller.evaluate((it) => it.getBoundingClientRect().bottom);
    expect(await top(page, row)).toBeGreaterThan(end - 200);
    expect(await top(page, row)).toBeLessThan(end);
    // Nothing of it is new.
    await expect(page.getByRole("button", { name: words.newMessages })).toBeHidden();
  }
  await expect(page.getByRole("link", { name: words.newest })).toHaveCount(0);
  const first = (await lines(page).first().textContent())!;
  await expect(lines(page)).toHaveText([...texts.slice(texts.indexOf(first)), "방금 한 말"]);

  await say(junho, "그다음 말");
  await expect(lines(page).last()).toHaveText("그다음 말");
  await expect(page.locator(places.messages).last()).toBeInViewport();

  await scroller.evaluate((it) => (it.scrollTop = -it.scrollHeight));
  await expect(lines(page).first()).toHaveText("1번째");
  await expect(lines(page)).toHaveText([...texts, "방금 한 말", "그다음 말"]);
});

test("reading the past marks nothing as read", async ({ page, browser }) => {
  const junho = await browser.newPage();
  const { room } = await past(page, junho);
  await say(junho, "아직 안 읽은 말");
  await expect(page.locator(places.rooms)).toContainText("아직 안 읽은 말");
  await page.locator("#scroller").evaluate((it) => (it.scrollTop = 0));
  await expect(page.locator(`${places.rooms} .pill`)).toBeVisible();
  await page.getByRole("link", { name: words.newest }).click();
  await expect(lines(page).last()).toHaveText("아직 안 읽은 말");
  await expect(page.locator(`${places.rooms} .pill`)).toHaveCount(0);
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(`/room/${room}`);
});

test("writing leads to the end, with the focus where it was", async ({ page, browser }) => {
  const junho = await browser.newPage();
  const { room, id } = await past(page, junho);
  const composer = page.getByRole("textbox", { name: words.message });
  await composer.fill("지금 쓰는 말");
  await composer.press("Enter");
  await expect(lines(page).last()).toHaveText("지금 쓰는 말");
  await expect(lines(page).nth(-2)).toHaveText("200번째");
  await expect(lines(junho).last()).toHaveText("지금 쓰는 말");
  await expect(composer).toBeFocused();
  await expect(composer).toHaveValue("");
  await expect(page).toHaveURL(new RegExp(`/room/${room}$`));
  await expect(page.locator(`#${id}`)).toHaveCount(0);
});

test("a room that is opened there again is read from its end", async ({ page, browser }) => {
  const junho = await browser.newPage();
  const { room } = await past(page, junho);
  await page.goto("/");
  await page.locator(places.rooms).first().click();
  await page.waitForURL(new RegExp(`/room/${room}$`));
  await expect(lines(page).last()).toHaveText("200번째");
});
