import { expect, test } from "./support/test";
import { goAway, newcomer, open, signIn, signOut, signUp, submit } from "./support/verbs";
import { form, places, words } from "./support/words";

test("a new user is signed in, also after a reload and a restart", async ({
  page,
  server,
}) => {
  const minji = newcomer("민지");
  await signUp(page, minji);
  await expect(page.locator(places.settings)).toContainText("민지");
  await page.reload();
  await expect(page.locator(places.settings)).toContainText("민지");
  await server.restart();
  await page.goto("/");
  await expect(page.locator(places.settings)).toContainText("민지");
});

test("signing out ends the session", async ({ page }) => {
  const minji = newcomer("민지");
  await signUp(page, minji);
  const cookies = await page.context().cookies();
  await signOut(page);
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.context().addCookies(cookies);
  await page.goto("/");
  await expect(page, "the old cookie opens nothing").toHaveURL(/\/sign-in$/);
  await signIn(page, minji);
  await expect(page.locator(places.settings)).toContainText("민지");
});

test("a signed-out reader is redirected to sign-in, and then back", async ({ page }) => {
  const minji = newcomer("민지");
  await signUp(page, minji);
  await signOut(page);
  const going = "/room/6f9619ff-8b86-4d01-b42d-00cf4fc964ff";
  await open(page, going);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test("a refused sign-in says why and keeps the address", async ({ page, complaints }) => {
  complaints.expectStatus(401);
  await open(page, "/sign-in");
  const sent = page.waitForResponse((answer) => answer.request().method() === "POST");
  await submit(page, "sign_in", { email: "nobody@example.org", password: "아무 비밀번호" });
  expect((await sent).status()).toBe(401);
  await expect(page.getByText(words.wrongCredentials)).toBeVisible();
  await expect(page.locator(`${form("sign_in")} [name=email]`)).toHaveValue("nobody@example.org");
  await expect(page.locator(`${form("sign_in")} [name=password]`)).toHaveValue("");
});

test("a refused sign-up says why beside each field", async ({ page, complaints }) => {
  complaints.expectStatus(422);
  const junho = newcomer("준호");
  await open(page, "/sign-up");
  await submit(page, "sign_up", { name: " ", email: junho.email, password: "password1" });
  await expect(page.getByLabel("이름")).toHaveAccessibleDescription(words.nameMissing);
  await expect(page.getByLabel("비밀번호")).toHaveAccessibleDescription(words.tooCommon);
  await expect(page.getByLabel("이메일")).toHaveValue(junho.email);

  await signUp(page, junho);
  await signOut(page);
  await open(page, "/sign-up");
  await submit(page, "sign_up", {
    ...junho,
    email: junho.email.toUpperCase(),
    password: "시원한 대청마루의 낮",
  });
  await expect(page.getByLabel("이메일")).toHaveAccessibleDescription(words.taken);
});

test("a lost device is signed out from another", async ({ page, browser }) => {
  const minji = newcomer("민지");
  await signUp(page, minji);
  const phone = await browser.newPage({ userAgent: "Mozilla/5.0 (iPhone) Safari/604.1" });
  await signIn(phone, minji);
  await goAway(phone);
  await page.locator(places.settings).click();
  await page.getByRole("link", { name: words.account }).click();
  await expect(page.locator(places.devices)).toHaveCount(2);
  await page.getByRole("button", { name: words.signOutOf("Safari · iPhone") }).click();
  await expect(page.locator(places.devices)).toHaveCount(1);
  await phone.goto("/");
  await expect(phone).toHaveURL(/\/sign-in$/);
});
