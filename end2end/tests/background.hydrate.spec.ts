// A tab in the background.
import { expect, test } from "./support/test";
import { connected, createRoom, enterRoom, goAway, lines, newcomer, open, say, signUp } from "./support/verbs";
import { places } from "./support/words";
import type { Page } from "@playwright/test";

declare global {
  interface Window {
    comeToFront(): void;
  }
}

/** The tests' browser reports every tab as visible: this one is told that it is hidden, until it comes to the front. */
async function opensInBackground(page: Page): Promise<void> {
  await page.addInitScript(() => {
    let state: DocumentVisibilityState = "hidden";
    Object.defineProperty(document, "visibilityState", { get: () => state });
    window.comeToFront = () => {
      state = "visible";
      document.dispatchEvent(new Event("visibilitychange"));
    };
  });
}

test("a tab opened in the background marks nothing as read until it comes to the front", async ({
  page,
  context,
  browser,
}) => {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  const junho = await browser.newPage();
  await signUp(junho, newcomer("준호"));
  await enterRoom(junho, room);
  await goAway(page);
  await say(junho, "하나");
  await say(junho, "둘");

  const behind = await context.newPage();
  await opensInBackground(behind);
  await open(behind, `/room/${room}`);
  await connected(behind);
  // If the tab marked the first messages as read, it has done so by the time the next one arrives.
  await say(junho, "셋");
  await expect(lines(behind)).toHaveText(["하나", "둘", "셋"]);
  await expect(behind).toHaveTitle("(3) 공부방");
  await open(page, "/");
  const pill = page.locator(places.rooms).first().locator(".pill");
  await expect(pill).toContainText("3");
  await expect(page).toHaveTitle("(3) 사랑방");

  await behind.evaluate(() => window.comeToFront());
  await expect(behind).toHaveTitle("공부방");
  await expect(async () => {
    await page.reload();
    await expect(pill).toHaveCount(0, { timeout: 500 });
  }).toPass();
});
