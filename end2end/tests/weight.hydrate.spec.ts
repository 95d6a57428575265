import { expect, test } from "./support/test";
import { connected, createRoom, fillRoom, newcomer, signUp } from "./support/verbs";

const KB = 1_000;

const WASM_MOST = 270 * KB;
const ALL_MOST = 325 * KB;

test("the first room page is light", async ({ page, browser }) => {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  await fillRoom(page, room, Array.from({ length: 50 }, (_, index) => `${index}번째 이야기예요`));

  const fresh = await browser.newPage();
  await fresh.context().addCookies(await page.context().cookies());
  const network = await fresh.context().newCDPSession(fresh);
  await network.send("Network.enable");
  const urls = new Map<string, string>();
  const weights = new Map<string, number>();
  network.on("Network.responseReceived", ({ requestId, response }) => urls.set(requestId, response.url));
  network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    weights.set(urls.get(requestId) ?? requestId, encodedDataLength);
  });
  await fresh.goto(`/room/${room}`, { waitUntil: "networkidle" });
  await connected(fresh);

  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const wasm = [...weights].find(([url]) => url.endsWith(".wasm"))?.[1] ?? Infinity;
  for (const [url, weight] of weights) {
    console.log(`${(weight / KB).toFixed(1).padStart(8)} KB  ${new URL(url).pathname}`);
  }
  console.log(`${(total / KB).toFixed(1).padStart(8)} KB  in all, compressed`);
  expect(wasm, "the WASM").toBeLessThanOrEqual(WASM_MOST);
  expect(total, "everything").toBeLessThanOrEqual(ALL_MOST);
});
