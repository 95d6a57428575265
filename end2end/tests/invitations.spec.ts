import { expect, test } from "./support/test";
import { lines, newcomer, open, say, signUp, submit } from "./support/verbs";
import { form, places, words } from "./support/words";
import type { Page } from "@playwright/test";

const PHONE = { width: 390, height: 844 };

/** Makes a private room and returns its id. */
async function privateRoom(page: Page, title: string): Promise<string> {
  await open(page, "/");
  await page.locator(form("create_room")).getByRole("radio", { name: words.accessPrivate }).check();
  await submit(page, "create_room", { title });
  await page.waitForURL(/\/room\//);
  return new URL(page.url()).pathname.split("/")[2] ?? "";
}

/** Makes an invitation link and returns it. */
async function makeLink(page: Page, room: string, uses = "10"): Promise<string> {
  await open(page, `/room/${room}/invite`);
  await page.locator(`${form("create_invite_link")} [name=uses]`).selectOption(uses);
  await submit(page, "create_invite_link");
  await expect(page.getByRole("img", { name: words.linkQr })).toBeVisible();
  return page.locator("#link").inputValue();
}

async function choose(page: Page, name: string): Promise<void> {
  await page.locator("label.avatar-row-choice").filter({ hasText: name }).click();
}

test("a newcomer with a link on a phone talks within four taps and two fields", async ({ page, browser }) => {
  await signUp(page, newcomer("민지"));
  const room = await privateRoom(page, "비밀 독서회");
  const link = await makeLink(page, room);

  const phone = await browser.newPage({ viewport: PHONE });
  const { email, password } = newcomer("새봄");
  await phone.goto(link);
  await expect(phone.getByText(words.invitedTo("민지", "비밀 독서회"))).toBeVisible();
  const signingUp = phone.locator(form("sign_up"));
  // One tap for each field, one to join, one for the composer, in which the Enter key sends.
  await signingUp.locator("[name=email]").fill(email);
  await signingUp.locator("[name=password]").fill(password);
  await signingUp.locator("button").click();
  await phone.waitForURL(`**/room/${room}`);
  await say(phone, "초대해 줘서 고마워요");
  await open(page, `/room/${room}`);
  await expect(lines(page)).toHaveText(["초대해 줘서 고마워요"]);
});

test("a link lets in as many as it says, and those with an account by signing in", async ({
  page,
  browser,
  complaints,
}) => {
  complaints.expectStatus(410);
  await signUp(page, newcomer("민지"));
  const room = await privateRoom(page, "비밀 독서회");
  const link = await makeLink(page, room, "1");

  const junho = newcomer("준호");
  await signUp(await browser.newPage(), junho);
  const visitor = await browser.newPage();
  await visitor.goto(link);
  await visitor.locator(".auth-other a").click();
  await submit(visitor, "sign_in", { email: junho.email, password: junho.password });
  await submit(visitor, "join_by_link");
  await visitor.waitForURL(`**/room/${room}`);

  const late = await browser.newPage();
  expect((await late.goto(link))?.status()).toBe(410);
  await expect(late.getByRole("heading", { name: words.linkEnded })).toBeVisible();
});

test("users of the instance are invited by name, and accept or decline", async ({ page, browser, complaints }) => {
  complaints.expectStatus(404, 422);
  // Other tests have made users: these are searched by a name that only they have.
  const tail = Date.now();
  const [junho, seoyeon] = [newcomer(`준호${tail}`), newcomer(`서연${tail}`)];
  const [his, hers] = [await browser.newPage(), await browser.newPage()];
  await signUp(his, junho);
  await signUp(hers, seoyeon);
  await signUp(page, newcomer("민지"));
  const room = await privateRoom(page, "비밀 독서회");
  await open(page, `/room/${room}/invite`);
  await submit(page, "invite_users");
  await expect(page.locator(".field-error[role=alert]")).toBeVisible();
  await open(page, `/room/${room}/invite?q=${tail}`);
  await choose(page, junho.name);
  await choose(page, seoyeon.name);
  await submit(page, "invite_users");
  await expect(page.locator(places.entries)).toHaveCount(2);

  await open(his, "/");
  await his.locator(places.rooms).filter({ hasText: words.invitedBy("민지") }).click();
  await his.getByRole("button", { name: words.enterThis }).click();
  await his.waitForURL(`**/room/${room}`);
  await say(his, "왔어요");

  await open(hers, `/room/${room}`);
  await hers.getByRole("button", { name: words.decline }).click();
  await hers.waitForURL((url) => url.pathname === "/");
  await expect(hers.locator(places.rooms)).toHaveCount(0);
  expect((await hers.goto(`/room/${room}`))?.status()).toBe(404);
  await open(page, `/room/${room}/invite`);
  await expect(page.locator(places.entries)).toHaveCount(0);

  await open(page, `/room/${room}/invite?q=${tail}`);
  await choose(page, seoyeon.name);
  await submit(page, "invite_users");
  await page.getByRole("button", { name: words.withdrawOf(seoyeon.name) }).click();
  await expect(page.locator(places.entries)).toHaveCount(0);
  expect((await hers.goto(`/room/${room}`))?.status()).toBe(404);
});

test("a revoked link lets no user in", async ({ page, browser, complaints }) => {
  complaints.expectStatus(410);
  await signUp(page, newcomer("민지"));
  const room = await privateRoom(page, "비밀 독서회");
  const link = await makeLink(page, room);
  await open(page, `/room/${room}/invite`);
  await submit(page, "revoke_link");
  await expect(page.locator(places.entries)).toHaveCount(0);
  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  expect((await junho.goto(link))?.status()).toBe(410);
});
