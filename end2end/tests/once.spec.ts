// Two clicks on a button that creates something. The second navigation aborts the first: waiting for one of them would
// fail with it, so it is the address that is waited for.
import { expect, test } from "./support/test";
import { createRoom, newcomer, open, signUp } from "./support/verbs";
import { form, places } from "./support/words";

test("two presses on “make a room” make one", async ({ page }) => {
  await signUp(page, newcomer("민지"));
  await open(page, "/");
  const making = page.locator(form("create_room"));
  await making.locator("[name=title]").fill("공부방");
  await making.locator("button").dblclick();
  await expect(page).toHaveURL(/\/room\//);
  await open(page, "/");
  await expect(page.locator(places.rooms)).toHaveCount(1);
});

test("two presses on “make a profile” and “make a link” make one of each", async ({ page }) => {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  await open(page, "/profiles");
  const making = page.locator(form("create_profile"));
  await making.locator("[name=name]").fill("은빛 기사");
  await making.locator("button").dblclick();
  await expect(page).toHaveURL(/\/profiles\//);
  await open(page, "/profiles");
  await expect(page.locator(places.profiles)).toHaveCount(2);

  await open(page, `/room/${room}/invite`);
  await page.locator(form("create_invite_link")).locator("button").dblclick();
  await expect(page).toHaveURL(/\/invite\//);
  await expect(page.locator("#link")).toHaveValue(/\/join\//);
  await open(page, `/room/${room}/invite`);
  await expect(page.locator(form("revoke_link"))).toHaveCount(1);
});
