// Times on a page that stays open.
import { expect, test } from "./support/test";
import { connected, createRoom, newcomer, open, say, signUp } from "./support/verbs";
import { places } from "./support/words";

const DAY = 24 * 60 * 60 * 1_000;
/** The offset from UTC in milliseconds: the tests' time zone has no summer time. */
const SEOUL = 9 * 60 * 60 * 1_000;

test("the times of the list become days at the reader's midnight", async ({ page, complaints }) => {
  complaints.expectNetworkErrors();
  const now = Date.now();
  await page.clock.install({ time: now });
  await signUp(page, newcomer("민지"));
  await createRoom(page, "공부방");
  await connected(page);
  await say(page, "오늘 한 말");
  await open(page, "/");
  await connected(page);
  const when = page.locator(places.rooms).first().locator(".room-when");
  await expect(when).toHaveText(/^(오전|오후) \d/);
  const today = new Date(now + SEOUL);
  const midnight = DAY - ((now + SEOUL) % DAY);
  await page.clock.fastForward(midnight + 2_000);
  await expect(when).toHaveText(`${today.getUTCMonth() + 1}월 ${today.getUTCDate()}일`);
});

test("a page knows the next change of its reader's clock", async ({ browser }) => {
  const berlin = await browser.newPage({ timezoneId: "Europe/Berlin" });
  await signUp(berlin, newcomer("Minji"));
  await open(berlin, "/");
  const offsets: { since: number; minutes: number }[] = await berlin.evaluate(
    () => JSON.parse(document.querySelector("#page-context")?.textContent ?? "").clock.offsets,
  );
  const coming = offsets.filter(({ since }) => since > Date.now());
  expect(coming.length).toBeGreaterThanOrEqual(2);
  for (const { since, minutes } of coming) {
    const wall = new Date(since + minutes * 60_000).toISOString().slice(11, 19);
    const shown = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Berlin", timeStyle: "medium" });
    expect(wall).toBe(shown.format(since));
  }
});
