// Another user signs in in the same browser while a tab of the previous user is still open.
import { expect, test } from "./support/test";
import { connected, createRoom, enterRoom, lines, newcomer, say, signUp } from "./support/verbs";
import { form, places } from "./support/words";

test("a tab that reconnects as another user is drawn anew before anything is sent", async ({
  page,
  browser,
  server,
}) => {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  await enterRoom(junho, room);
  await connected(page);
  const draft = page.locator(`${form("post_message")} [name=text]`);

  await server.stop("SIGKILL");
  await draft.fill("민지가 보낸 말");
  await draft.press("Enter");
  await expect(page.locator(places.pending)).toHaveCount(1);
  await draft.fill("민지가 쓰다 만 말");
  await page.context().addCookies(await junho.context().cookies());
  await server.start();

  await expect(page.locator(places.me)).toContainText("준호", { timeout: 60_000 });
  await connected(page);
  await expect(draft).toHaveValue("");
  await connected(junho);
  await say(junho, "나 왔어");
  for (const reader of [page, junho]) {
    await expect(lines(reader)).toHaveText(["나 왔어"]);
  }
  await junho.reload();
  await expect(lines(junho)).toHaveText(["나 왔어"]);
});
