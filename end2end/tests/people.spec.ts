import { resolve } from "node:path";
import { expect, test } from "./support/test";
import { createRoom, enterRoom, newcomer, open, runsScripts, say, signUp, submit } from "./support/verbs";
import { form, places, words } from "./support/words";
import type { Page } from "@playwright/test";

const PICTURE = resolve(__dirname, "../../public/icon-180.png");

async function profiles(page: Page): Promise<void> {
  await open(page, "/");
  await page.locator(places.settings).click();
  await page.getByRole("link", { name: words.profiles }).click();
  await expect(page).toHaveURL(/\/profiles$/);
}

async function edit(page: Page, name: string): Promise<void> {
  await profiles(page);
  await page.getByRole("link", { name: words.editProfile(name) }).click();
  await expect(page.locator(`${form("rename_profile")} [name=name]`)).toHaveValue(name);
}

/** Whether the image has been decoded. */
async function isDrawn(page: Page, place: string): Promise<void> {
  const img = page.locator(`${place} .avatar img`).first();
  await expect(img).toBeVisible();
  await expect.poll(() => img.evaluate((it: HTMLImageElement) => it.naturalWidth)).toBeGreaterThan(0);
}

test("a new name is shown everywhere", async ({ page, browser, complaints }) => {
  complaints.expectStatus(422);
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  await say(page, "옛날 말");
  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  await enterRoom(junho, room);
  await expect(junho.locator(places.messageName)).toHaveText("민지");

  await edit(page, "민지");
  await submit(page, "rename_profile", { name: "가".repeat(41) });
  await expect(page.getByLabel("이름")).toHaveAccessibleDescription(words.nameTooLong);
  await submit(page, "rename_profile", { name: "김민지" });
  await expect(page).toHaveURL(/\/profiles$/);
  await open(page, "/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.welcome("김민지"));
  if (!(await runsScripts(junho))) await junho.reload();
  await expect(junho.locator(places.messageName), "on old lines as well").toHaveText("김민지");
});

test("a room sees the profile that was chosen for it", async ({ page, browser }) => {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "게임방");
  await say(page, "한 판 할까요?");
  await profiles(page);
  await submit(page, "create_profile", { name: "은빛 기사" });
  await expect(page.locator(`${form("rename_profile")} [name=name]`)).toHaveValue("은빛 기사");
  await profiles(page);
  await page.getByLabel(words.profileIn("게임방")).selectOption("은빛 기사");
  await page.locator(`${form("set_room_profile")} button`).click();
  await expect(page.getByLabel(words.profileIn("게임방")).locator(":checked")).toHaveText("은빛 기사");

  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  await enterRoom(junho, room);
  await expect(junho.locator(places.messageName)).toHaveText("은빛 기사");

  await edit(page, "은빛 기사");
  await submit(page, "delete_profile");
  await expect(page).toHaveURL(/\/profiles$/);
  if (!(await runsScripts(junho))) await junho.reload();
  await expect(junho.locator(places.messageName)).toHaveText("민지");
});

test("a picture is put on, seen by others, and taken off", async ({ page, browser, complaints }) => {
  complaints.expectStatus(422);
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  await say(page, "사진 바꿨어요");
  await edit(page, "민지");
  await page.getByRole("link", { name: words.addPicture }).click();
  const file = page.locator(`${form("set_avatar")} [name=picture]`);
  const svg = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
  await file.setInputFiles({ name: "me.png", mimeType: "image/png", buffer: svg });
  await submit(page, "set_avatar");
  await expect(page.getByText(words.unreadable)).toBeVisible();
  await file.setInputFiles(PICTURE);
  await submit(page, "set_avatar");
  await expect(page).toHaveURL(/\/profiles\/[^/]+$/);
  await isDrawn(page, ".card");

  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  await enterRoom(junho, room);
  await isDrawn(junho, places.messages);
  await junho.locator(places.messageName).click();
  await expect(junho).toHaveURL(/\/people\/[^/]+$/);
  await isDrawn(junho, ".card");
  await expect(junho.locator(places.avatarRows)).toHaveText(["공부", "공부방"].join(""));

  await edit(page, "민지");
  await page.locator('a[href$="/picture"]').click();
  await submit(page, "clear_avatar");
  await expect(page.locator(".card .avatar img")).toHaveCount(0);
});

test("users are found by their initials", async ({ page, browser }) => {
  const name = `홍길동${Math.random().toString(36).slice(2, 6)}`;
  const gildong = await browser.newPage();
  await signUp(gildong, newcomer(name));
  await signUp(page, newcomer("민지"));
  await open(page, "/");
  await page.locator(places.settings).click();
  await page.getByRole("link", { name: words.people, exact: true }).click();
  const field = page.getByRole("searchbox");
  const typed = `ㅎㄱㄷ${name.slice(3)}`;
  if (await runsScripts(page)) {
    await field.pressSequentially(typed);
  } else {
    await field.fill(typed);
    await field.press("Enter");
  }
  await expect(page.locator(places.avatarRows)).toHaveCount(1);
  await expect(page).toHaveURL(/\/people\?q=/);
  await page.locator(places.avatarRows).click();
  await expect(page.getByRole("heading", { level: 2, name })).toBeVisible();
});
