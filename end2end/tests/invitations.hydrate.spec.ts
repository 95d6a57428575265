import { expect, test } from "./support/test";
import { connected, createRoom, newcomer, open, signUp, submit } from "./support/verbs";
import { places, words } from "./support/words";

test("an invitation turns up in the list at once, and goes when it is taken back", async ({ page, browser }) => {
  const junho = newcomer(`준호${Date.now()}`);
  const his = await browser.newPage();
  await signUp(his, junho);
  await connected(his);
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  await open(page, `/room/${room}/invite?q=${junho.name}`);
  await page.locator("label.avatar-row-choice").click();
  await submit(page, "invite_users");
  const invited = his.locator(places.rooms).filter({ hasText: words.invitedBy("민지") });
  await expect(invited).toHaveCount(1);
  await page.getByRole("button", { name: words.withdrawOf(junho.name) }).click();
  await expect(his.locator(places.rooms)).toHaveCount(0);
});

test("who was chosen stays chosen while others are looked for", async ({ page, browser }) => {
  const tail = Date.now();
  const names = [`가람${tail}`, `나래${tail}`];
  for (const name of names) await signUp(await browser.newPage(), newcomer(name));
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  await open(page, `/room/${room}/invite`);
  const [first, second] = names;
  for (const name of [first, second]) {
    await page.getByRole("searchbox").fill(name ?? "");
    const choice = page.locator("label.avatar-row-choice").filter({ hasText: name ?? "" });
    await expect(page.locator("label.avatar-row-choice:not(:has(:checked))")).toHaveCount(1);
    await choice.click();
  }
  await expect(page.locator("label.avatar-row-choice:has(:checked)")).toHaveCount(2);
  await submit(page, "invite_users");
  await expect(page.locator(places.entries)).toHaveCount(2);
});

test("a link is copied with one press", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  await open(page, `/room/${room}/invite`);
  await submit(page, "create_invite_link");
  await page.getByRole("button", { name: words.copy }).click();
  await expect(page.getByRole("button", { name: words.copied })).toBeVisible();
  const link = await page.locator("#link").inputValue();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
});
