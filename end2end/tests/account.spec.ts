import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, test } from "./support/test";
import {
  createRoom, enterRoom, goAway, lines, newcomer, open, runsScripts, say, signIn, signOut, signUp, submit,
} from "./support/verbs";
import { form, places, words } from "./support/words";
import type { Page } from "@playwright/test";

const NEW_PASSWORD = "대청마루에 드는 볕 7";

/** What an authenticator app shows for a secret; `later` steps of thirty seconds from now. */
function code(secret: string, later = 0): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replaceAll(" ", "")]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const mac = createHmac("sha1", key).update(step).digest();
  const word = mac.readUInt32BE((mac[19] ?? 0) & 0xf) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, "0");
}

/** Opens the page by the menu and the account page. */
async function change(page: Page, link: string): Promise<void> {
  await open(page, "/");
  await page.locator(places.settings).click();
  await page.getByRole("link", { name: words.account }).click();
  await page.getByRole("link", { name: link }).click();
  await page.locator("h1").filter({ hasNotText: words.account }).waitFor();
}

test("a new password signs in, and the old one no more", async ({ page, browser, complaints }) => {
  complaints.expectStatus(401, 422);
  const minji = newcomer("민지");
  await signUp(page, minji);
  const phone = await browser.newPage();
  await signIn(phone, minji);
  await goAway(phone);
  await change(page, words.changeOf(words.password));
  await submit(page, "change_password", { password: "틀린 비밀번호", new_password: NEW_PASSWORD });
  await expect(page.getByLabel(words.presentPassword)).toHaveAccessibleDescription(words.notThePassword);
  await submit(page, "change_password", { password: minji.password, new_password: NEW_PASSWORD });
  await expect(page).toHaveURL(/\/account$/);
  await phone.goto("/");
  await expect(phone, "signed out everywhere else").toHaveURL(/\/sign-in$/);
  await submit(phone, "sign_in", { email: minji.email, password: minji.password });
  await expect(phone.getByText(words.wrongCredentials)).toBeVisible();
  await signIn(phone, { ...minji, password: NEW_PASSWORD });
});

test("a new address signs in", async ({ page }) => {
  const minji = newcomer("민지");
  const { email } = newcomer("민지");
  await signUp(page, minji);
  await change(page, words.changeOf(words.email));
  await submit(page, "change_email", { email, password: minji.password });
  await expect(page.getByText(email)).toBeVisible();
  await open(page, "/");
  await signOut(page);
  await signIn(page, { ...minji, email });
});

test("with two-factor sign-in a code from the app is required, or a recovery code", async ({
  page,
  complaints,
}) => {
  complaints.expectStatus(422);
  const minji = newcomer("민지");
  await signUp(page, minji);
  await change(page, words.manageSecondStep);
  await submit(page, "begin_two_factor", { password: minji.password });
  await expect(page.getByRole("img", { name: words.secondStepQr })).toBeVisible();
  const secret = (await page.locator(".secret").textContent()) ?? "";
  const recovery = (await page.locator(".recovery-codes > li").first().textContent()) ?? "";
  await submit(page, "confirm_two_factor", { code: code(secret) });
  await expect(page.getByText(words.secondStepIsOn)).toBeVisible();
  await expect(page.getByText(recovery)).toHaveCount(0);

  await open(page, "/");
  await signOut(page);
  await submit(page, "sign_in", { email: minji.email, password: minji.password });
  await expect(page).toHaveURL(/\/sign-in\/code$/);
  await submit(page, "submit_code", { code: "abcd-efgh-ijkm-npqr" });
  await expect(page.getByLabel(words.code)).toHaveAccessibleDescription(words.wrongCode);
  await submit(page, "submit_code", { code: code(secret, 1) });
  await expect(page.locator(places.settings)).toContainText("민지");

  await signOut(page);
  await submit(page, "sign_in", { email: minji.email, password: minji.password });
  await submit(page, "submit_code", { code: recovery });
  await expect(page.locator(places.settings)).toContainText("민지");
  await open(page, "/account/two-step");
  await submit(page, "end_two_factor", { password: minji.password });
  await page.locator(form("begin_two_factor")).waitFor();
  await open(page, "/");
  await signOut(page);
  await signIn(page, minji);
});

test("the user's own data is downloaded as a file", async ({ page }) => {
  await signUp(page, newcomer("민지"));
  await createRoom(page, "공부방");
  await say(page, "내 말");
  await open(page, "/account");
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: words.download }).click();
  const file = await downloading;
  expect(file.suggestedFilename()).toMatch(/^sarangbang-\d{4}-\d{2}-\d{2}\.json$/);
  const own = JSON.parse(await readFile(await file.path(), "utf8"));
  expect(own.messages.map(({ text }: { text: string }) => text)).toEqual(["내 말"]);
});

test("the messages of a deleted account stay, without a name", async ({
  page,
  browser,
  complaints,
}) => {
  complaints.expectStatus(401, 422);
  const minji = newcomer("민지");
  await signUp(page, minji);
  const room = await createRoom(page, "공부방");
  await say(page, "옛날 말");
  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  await enterRoom(junho, room);
  await expect(junho.locator(places.messageName)).toHaveText("민지");

  await open(page, "/account");
  await page.getByRole("link", { name: words.toDelete }).click();
  await submit(page, "delete_account", { password: minji.password });
  await expect(page.getByText(words.notSure)).toBeVisible();
  await page.getByLabel(words.sure).check();
  await submit(page, "delete_account", { password: minji.password });
  await expect(page).toHaveURL(/\/sign-in$/);

  if (!(await runsScripts(junho))) await junho.reload();
  await expect(junho.locator(places.messageName)).toHaveText(words.leftMember);
  await expect(lines(junho)).toHaveText(["옛날 말"]);
  await expect(junho.locator(places.events).last()).toContainText(words.leftMember);
  await expect(junho.locator(places.messageName), "it is no link").not.toHaveAttribute("href");
  await submit(page, "sign_in", { email: minji.email, password: minji.password });
  await expect(page.getByText(words.wrongCredentials)).toBeVisible();
});

test("language and theme go along to another device", async ({ page, browser }) => {
  const minji = newcomer("민지");
  await signUp(page, minji);
  await page.locator(places.settings).click();
  await page.locator(`${form("set_theme")} [value=dark]`).click();
  await page.locator('html[data-theme="dark"]').waitFor();
  await page.locator(places.settings).click();
  await page.locator(`${form("set_language")} [value=en]`).click();
  await page.locator('html[lang="en"]').waitFor();
  const phone = await browser.newPage();
  await signIn(phone, minji);
  await expect(phone.locator("html")).toHaveAttribute("lang", "en");
  await expect(phone.locator("html")).toHaveAttribute("data-theme", "dark");
});
