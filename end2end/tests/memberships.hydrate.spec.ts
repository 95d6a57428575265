import { expect, test } from "./support/test";
import {
  connected,
  createRoom,
  enterRoom,
  lines,
  newcomer,
  open,
  say,
  signUp,
} from "./support/verbs";
import { places, words } from "./support/words";
import type { Browser, Page } from "@playwright/test";

/** A connected member of an open room of 민지's, and their id. */
async function inside(page: Page, browser: Browser) {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  await enterRoom(junho, room);
  await connected(page);
  await connected(junho);
  await expect(page.locator(places.events)).toHaveText(["준호님이 들어왔습니다"]);
  const own = await junho.request.post("/api/read_page", { form: { room } });
  const { members } = (await own.json()) as { members: { user: string; name: string }[] };
  const user = members.find(({ name }) => name === "준호")?.user ?? "";
  return { junho, room, user };
}

async function does(page: Page, what: string, fields: Record<string, string>): Promise<void> {
  expect((await page.request.post(`/api/${what}`, { form: fields })).status()).toBe(200);
}

test("a removed member sees the preview at once, and may join again", async ({
  page,
  browser,
  complaints,
}) => {
  complaints.expectStatus(404);
  const { junho, room, user } = await inside(page, browser);
  await say(junho, "저 왔어요");
  await does(page, "remove_member", { room, user });
  await expect(junho.getByRole("button", { name: words.enterThis })).toBeVisible();
  await expect(junho.locator(places.rooms)).toHaveCount(0);
  await expect(page.locator(places.events)).toHaveCount(2);
  await expect(page.locator(".people-button")).toContainText("1명");
  await expect(page.locator(places.messageName), "the line keeps its name").toHaveText("준호");

  await junho.getByRole("button", { name: words.enterThis }).click();
  await expect(lines(junho)).toHaveText(["저 왔어요"]);
  await say(page, "어서 와요");
  await expect(lines(junho)).toHaveText(["저 왔어요", "어서 와요"]);
});

test("a banned member gets the not-found page, also after being away", async ({
  page,
  browser,
  complaints,
}) => {
  complaints.expectStatus(404);
  complaints.expectNetworkErrors();
  const { junho, room, user } = await inside(page, browser);
  await junho.context().setOffline(true);
  await expect(junho.locator(places.link)).not.toHaveAttribute("data-link", "open");
  await does(page, "ban_member", { room, user });
  await junho.context().setOffline(false);
  await expect(junho.getByRole("heading", { name: words.nothingHere })).toBeVisible();
  await expect(junho.locator(places.rooms)).toHaveCount(0);
});

test("a new name of a room is everywhere at once", async ({ page, browser }) => {
  const { junho, room } = await inside(page, browser);
  const fields = { room, title: "독서실", description: "", visibility: "private" };
  await does(page, "update_room", fields);
  await expect(junho.getByRole("heading", { level: 1 })).toHaveText("독서실");
  await expect(junho.locator(places.rooms)).toContainText("독서실");
  await expect(junho.locator(places.events).last()).toHaveText("민지님이 방 이름을 바꿨습니다");
  await junho.locator(".people-button").click();
  await expect(junho.locator(".room-address"), "a private room has no link to share").toBeHidden();
});

test("a one-to-one room shows itself to the other with its first line", async ({
  page,
  browser,
}) => {
  const { junho, user } = await inside(page, browser);
  await expect(junho.locator(places.rooms)).toHaveCount(1);
  await page.request.post("/api/open_direct_room", { form: { user } });
  const talk = await page.request.post("/api/open_direct_room", { form: { user } });
  const { path } = (await talk.json()) as { path: string };
  await open(page, path);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("준호");
  await expect(page.locator(places.rooms)).toHaveCount(1);
  await say(page, "잠깐만요");
  for (const [reader, name] of [[page, "준호"], [junho, "민지"]] as const) {
    await expect(reader.locator(places.rooms)).toHaveCount(2);
    await expect(reader.locator(places.rooms).first()).toContainText(name);
  }
  await junho.locator(places.rooms).first().click();
  await expect(lines(junho)).toHaveText(["잠깐만요"]);
  await expect(junho.getByRole("link", { name: words.roomSettings })).toBeHidden();
});
