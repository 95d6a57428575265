import { randomUUID } from "node:crypto";
import { expect, test } from "./support/test";
import {
  createRoom,
  enterRoom,
  hydrated,
  lines,
  newcomer,
  open,
  say,
  signUp,
  submit,
} from "./support/verbs";
import { form, places, words } from "./support/words";

test("a room is made, listed, and entered by its id and by its link", async ({
  page,
  browser,
  server,
}) => {
  await signUp(page, newcomer("민지"));
  const byId = await createRoom(page, "공부방");
  const byLink = await createRoom(page, "  산책방 ");
  await open(page, "/");
  await expect(page.getByRole("link", { name: words.enterOf("산책방", byLink.slice(0, 8)) })).toBeVisible();
  await expect(page.getByRole("link", { name: words.enterOf("공부방", byId.slice(0, 8)) })).toBeVisible();

  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  expect(await enterRoom(junho, byId)).toBe(byId);
  await expect(junho.getByRole("heading", { name: "공부방" })).toBeVisible();
  expect(await enterRoom(junho, `${server.url}/room/${byLink}`)).toBe(byLink);
  await expect(junho.getByRole("heading", { name: "산책방" })).toBeVisible();
});

test("a room stays in the list however many others enter", async ({ page, browser }) => {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  for (const name of ["준호", "서연"]) {
    const other = await browser.newPage();
    await signUp(other, newcomer(name));
    await enterRoom(other, room);
    await enterRoom(other, room);
    await open(other, "/");
    await expect(other.locator(places.rooms)).toHaveCount(1);
  }
  await open(page, "/");
  await expect(page.locator(places.rooms)).toHaveCount(1);
  await open(page, `/room/${room}`);
  await expect(page.locator(".people-button")).toContainText("3명");
});

test("a user who is not a member sees the preview, and joins with one button", async ({ page, browser }) => {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "비밀 이야기");
  await say(page, "우리끼리만");
  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  await open(junho, `/room/${room}`);
  await expect(junho.getByRole("heading", { name: "비밀 이야기" })).toBeVisible();
  expect(await junho.content()).not.toContain("우리끼리만");
  await junho.getByRole("button", { name: words.enterThis }).click();
  await expect(lines(junho)).toHaveText(["우리끼리만"]);
});

test("an address without a room is a friendly 404", async ({ page, complaints }) => {
  complaints.expectStatus(404);
  await signUp(page, newcomer("민지"));
  for (const id of [randomUUID(), "not-an-id"]) {
    const answer = await page.goto(`/room/${id}`);
    expect(answer?.status()).toBe(404);
    await hydrated(page);
    await expect(page.getByText(words.roomNotFound)).toBeVisible();
  }
  const answer = await page.goto("/nowhere/at/all");
  expect(answer?.status()).toBe(404);
  await hydrated(page);
  await expect(page.getByRole("heading", { name: words.nothingHere })).toBeVisible();
});

test("refused forms say why and keep what was typed", async ({ page, complaints }) => {
  complaints.expectStatus(422, 404);
  await signUp(page, newcomer("민지"));
  await open(page, "/");
  await submit(page, "create_room", { title: "   " });
  await expect(page.getByText(words.titleMissing)).toBeVisible();
  await submit(page, "join_room", { room: "그 방 있잖아" });
  await expect(page.getByText(words.notARoom)).toBeVisible();
  await expect(page.locator(`${form("join_room")} [name=room]`)).toHaveValue("그 방 있잖아");
});
