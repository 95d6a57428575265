// A tab that was opened before the server was updated to another version of the protocol.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/test";
import { connected, createRoom, lines, newcomer, open, signUp } from "./support/verbs";
import { form, places } from "./support/words";

/** While `outdated` says so, the page sends `hello` with the previous version of the protocol. */
async function greetsAs(page: Page): Promise<{ outdated(): void; upToDate(): void }> {
  let isOutdated = false;
  await page.routeWebSocket("**/ws", (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const said = message.toString();
      server.send(isOutdated ? said.replace('"protocol":2', '"protocol":1') : said);
    });
  });
  return { outdated: () => (isOutdated = true), upToDate: () => (isOutdated = false) };
}

test("the page is read anew once, what was submitted is sent, and what was typed is in the composer", async ({
  page,
  server,
}) => {
  const protocol = await greetsAs(page);
  await signUp(page, newcomer("민지"));
  await createRoom(page, "공부방");
  await connected(page);
  const composer = page.locator(`${form("post_message")} [name=text]`);
  await server.stop("SIGKILL");
  await composer.fill("보낸 말");
  await composer.press("Enter");
  await expect(page.locator(places.pending)).toHaveCount(1);
  await composer.fill("쓰던 말");
  protocol.outdated();
  page.once("request", () => protocol.upToDate());
  await server.start();

  await expect(page.locator(places.pending)).toHaveCount(0, { timeout: 60_000 });
  await connected(page);
  await expect(composer).toHaveValue("쓰던 말");
  await expect(lines(page)).toHaveText(["보낸 말"]);
  await composer.press("Enter");
  await expect(lines(page)).toHaveText(["보낸 말", "쓰던 말"]);
  await page.reload();
  await connected(page);
  await expect(composer).toHaveValue("");
});

test("a page that the server refuses again says so, and is read anew by its link", async ({ page }) => {
  const protocol = await greetsAs(page);
  await signUp(page, newcomer("민지"));
  await createRoom(page, "공부방");
  await connected(page);
  protocol.outdated();
  let loads = 0;
  page.on("load", () => (loads += 1));
  await open(page, page.url());
  await expect(page.locator("#broken")).toBeVisible();
  expect(loads, "opened, and read anew once").toBe(2);
  protocol.upToDate();
  await page.locator("#broken a").click();
  await connected(page);
});
