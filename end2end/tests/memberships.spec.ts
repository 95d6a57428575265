import { expect, test } from "./support/test";
import { createRoom, enterRoom, goAway, lines, newcomer, open, say, signUp, submit } from "./support/verbs";
import { form, places, words } from "./support/words";
import type { Page } from "@playwright/test";

/** The entry of that member in the settings of a room, opened. */
async function manage(page: Page, name: string) {
  await page.locator(`summary[aria-label="${words.manageOf(name)}"]`).click();
  return page.locator(places.entries).filter({ hasText: name });
}

test("a room's settings are changed: title, description, and who may join", async ({ page, browser, complaints }) => {
  complaints.expectStatus(404);
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  await page.getByRole("link", { name: words.roomSettings }).click();
  const it = page.locator(form("update_room"));
  await it.locator("[name=title]").fill("독서실");
  await it.locator("[name=description]").fill("조용히\n읽어요");
  await it.getByRole("radio", { name: words.accessPrivate }).check();
  await it.getByRole("button").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("독서실 설정");
  await expect(it.locator("[name=description]")).toHaveValue("조용히\n읽어요");
  await expect(it.getByRole("radio", { name: words.accessPrivate })).toBeChecked();

  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  expect((await junho.goto(`/room/${room}`))?.status()).toBe(404);
  await open(page, `/room/${room}`);
  await expect(page.locator(places.events)).toHaveText(["민지님이 방 이름을 바꿨습니다"]);
});

test("an open room is found in the list and entered from there", async ({ page, browser, complaints }) => {
  complaints.expectStatus(404);
  const name = `산책방 ${Date.now()}`;
  await signUp(page, newcomer("민지"));
  await createRoom(page, name);
  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  await junho.getByRole("link", { name: words.openRooms }).click();
  const field = junho.getByRole("searchbox");
  await field.fill(name.slice(1, -1));
  await field.press("Enter");
  await expect(junho.locator(places.entries)).toHaveCount(1);
  await junho.getByRole("button", { name: words.enterFromList(name) }).click();
  await expect(junho.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(junho.locator(places.events)).toHaveText(["준호님이 들어왔습니다"]);
  await open(junho, "/rooms?q=xyzzy");
  await expect(junho.locator(places.entries)).toHaveCount(0);
});

test("a room is made private when it is made", async ({ page, browser, complaints }) => {
  complaints.expectStatus(404);
  await signUp(page, newcomer("민지"));
  await open(page, "/");
  await page.locator(form("create_room")).getByRole("radio", { name: words.accessPrivate }).check();
  await submit(page, "create_room", { title: "비밀 모임" });
  await page.waitForURL(/\/room\//);
  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  expect((await junho.goto(page.url()))?.status()).toBe(404);
});

test("a member is removed, banned and let in again", async ({ page, browser, complaints }) => {
  complaints.expectStatus(404);
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  await enterRoom(junho, room);
  await say(junho, "저 왔어요");

  await goAway(junho);
  await open(page, `/room/${room}/settings`);
  await (await manage(page, "준호")).locator(form("remove_member")).getByRole("button").click();
  await expect(page.locator(places.entries)).toHaveCount(1);
  await open(junho, `/room/${room}`);
  await junho.getByRole("button", { name: words.enterThis }).click();
  await expect(lines(junho)).toHaveText(["저 왔어요"]);

  await goAway(junho);
  await open(page, `/room/${room}/settings`);
  await (await manage(page, "준호")).locator(form("ban_member")).getByRole("button").click();
  await expect(page.getByRole("heading", { name: words.banned })).toBeVisible();
  expect((await junho.goto(`/room/${room}`))?.status()).toBe(404);
  await submit(page, "unban_member");
  await expect(page.getByRole("heading", { name: words.banned })).toBeHidden();
  await enterRoom(junho, room);
  await open(page, `/room/${room}`);
  await expect(page.locator(places.events)).toHaveText([
    "준호님이 들어왔습니다",
    "민지님이 준호님을 내보냈습니다",
    "준호님이 들어왔습니다",
    "민지님이 준호님을 차단했습니다",
    "준호님이 들어왔습니다",
  ]);
});

test("an owner transfers the room and leaves it, and the next owner closes it", async ({
  page,
  browser,
  complaints,
}) => {
  complaints.expectStatus(404, 422);
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  await enterRoom(junho, room);

  await open(page, `/room/${room}/settings`);
  const leave = page.locator("details").filter({ has: page.locator(form("leave_room")) });
  await leave.locator("summary").click();
  await submit(page, "leave_room");
  await expect(page.getByText(words.lastOwner)).toBeVisible();
  await (await manage(page, "준호")).locator(form("transfer_ownership")).getByRole("button").click();
  await expect(page.locator(form("update_room"))).toHaveCount(0);
  await leave.locator("summary").click();
  await submit(page, "leave_room");
  await expect(page.locator(places.rooms)).toHaveCount(0);

  await open(junho, `/room/${room}/settings`);
  await junho.locator("summary").filter({ hasText: words.leaveRoom }).click();
  await submit(junho, "leave_room");
  await expect(junho.locator(places.rooms)).toHaveCount(0);
  expect((await junho.goto(`/room/${room}`))?.status()).toBe(404);
});
