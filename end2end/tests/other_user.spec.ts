// A page of one user is still open when another signs in in the same browser, and its form is sent.
import { expect, test } from "./support/test";
import { createRoom, enterRoom, newcomer, open, runsScripts, signUp, submit } from "./support/verbs";
import { form, places, words } from "./support/words";

test("what was typed as one user is not done for another, and is kept", async ({
  page,
  browser,
  complaints,
}) => {
  complaints.expectStatus(409);
  await signUp(page, newcomer("민지"));
  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  await open(page, "/profiles");
  await page.context().addCookies(await junho.context().cookies());
  await submit(page, "create_profile", { name: "민지의 다른 이름" });
  await expect(page.locator("h1")).toHaveText(words.otherUser);
  const kept = page.locator(form("create_profile").replace('="', '$="'));
  await expect(kept.locator("[name=name]")).toHaveValue("민지의 다른 이름");
  await open(junho, "/profiles");
  await expect(junho.locator(places.profiles)).toHaveCount(1);
  await kept.getByRole("button", { name: words.sendAs("준호") }).click();
  await expect(page).toHaveURL(/\/profiles\//);
  await open(junho, "/profiles");
  await expect(junho.locator(places.profiles)).toHaveCount(2);
});

test("a message without scripts neither", async ({ page, browser, complaints }) => {
  test.skip(await runsScripts(page), "with scripts the composer has its socket");
  complaints.expectStatus(409);
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  await enterRoom(junho, room);
  await page.context().addCookies(await junho.context().cookies());
  await submit(page, "post_message", { text: "민지의\n말" });
  await expect(page.locator("h1")).toHaveText(words.otherUser);
  await expect(page.locator("textarea[name=text]")).toHaveValue("민지의\n말");
  await junho.reload();
  await expect(junho.locator(places.messages)).toHaveCount(0);
});
