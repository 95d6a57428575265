import { expect, test } from "./support/test";
import { goAway, newcomer, open, signIn, signUp, submit, type TestUser } from "./support/verbs";
import { form, places, words } from "./support/words";
import type { Page } from "@playwright/test";

/** Opens an administrator's page about a user, found by their e-mail address. */
async function lookUp(page: Page, { email, name }: TestUser): Promise<void> {
  await open(page, "/account");
  await page.getByRole("link", { name: words.admin }).click();
  await page.getByRole("searchbox").fill(email);
  await page.getByRole("searchbox").press("Enter");
  await expect(page.locator(places.entries)).toHaveCount(1);
  await page.locator(places.entries).getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

test("a suspended user is signed out, and can sign in again after the suspension", async ({ page, browser, complaints, server }) => {
  complaints.expectStatus(403, 404);
  const [minji, junho] = [newcomer("민지"), newcomer("준호")];
  const his = await browser.newPage();
  await signUp(his, junho);
  // The first user is the administrator, and she is not the first.
  await signUp(page, minji);
  expect((await page.goto("/admin"))?.status(), "for others it is not there").toBe(404);
  await server.run("admin", minji.email);
  await lookUp(page, junho);
  await goAway(his);
  await page.getByRole("button", { name: words.suspend }).click();
  await expect(page.getByRole("button", { name: words.restore })).toBeVisible();

  await his.goto("/");
  await his.waitForURL(/\/sign-in/);
  await submit(his, "sign_in", { email: junho.email, password: junho.password });
  await expect(his.getByRole("alert").filter({ hasText: words.suspended })).toBeVisible();
  await open(page, "/admin/log");
  await expect(page.locator(places.entries).first()).toContainText(words.hasSuspended("민지", "준호"));

  await lookUp(page, junho);
  await page.getByRole("button", { name: words.restore }).click();
  await expect(page.getByRole("button", { name: words.suspend })).toBeVisible();
  await signIn(his, junho);
});

test("a forgotten password is chosen anew by a link", async ({ page, browser, complaints, server }) => {
  complaints.expectStatus(401, 410);
  const [minji, junho] = [newcomer("민지"), newcomer("준호")];
  await signUp(page, minji);
  await server.run("admin", minji.email);
  await signUp(await browser.newPage(), junho);
  await lookUp(page, junho);
  await page.getByRole("button", { name: words.makeReset }).click();
  const link = await page.locator("#link").inputValue();

  const his = await browser.newPage();
  await his.goto(link);
  await submit(his, "reset_password", { password: "바다로 가는 기차 9" });
  await his.waitForURL(/\/sign-in/);
  await submit(his, "sign_in", { email: junho.email, password: junho.password });
  await expect(his.getByRole("alert").filter({ hasText: words.wrongCredentials })).toBeVisible();
  await signIn(his, { ...junho, password: "바다로 가는 기차 9" });
  await expect(his.getByText(words.hasMadeReset("민지"))).toBeVisible();
  await submit(his, "mark_notices_read");
  await his.waitForURL((url) => url.pathname === "/");
  const again = await browser.newPage();
  expect((await again.goto(link))?.status()).toBe(410);
  expect(await server.run("reset", junho.email)).toContain("/reset/");
});

test("the sign-up page says that registration is closed", async ({ page, browser, server }) => {
  const minji = newcomer("민지");
  await signUp(page, minji);
  await server.run("admin", minji.email);
  const choose = async (mode: string) => {
    await open(page, "/admin/sign-up");
    await page.locator(form("set_registration")).getByRole("radio", { name: mode }).check();
    await submit(page, "set_registration");
    await expect(page.getByRole("radio", { name: mode })).toBeChecked();
  };
  await choose(words.closed);
  const stranger = await browser.newPage();
  await open(stranger, "/sign-up");
  await expect(stranger.getByText(words.signUpClosed)).toBeVisible();
  await expect(stranger.locator(form("sign_up"))).toHaveCount(0);
  // Other tests of this worker sign up.
  await choose(words.everybodyMaySignUp);
  await signUp(stranger, newcomer("새봄"));
});
