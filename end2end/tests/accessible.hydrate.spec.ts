import { resolve } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./support/test";
import { connected, createRoom, fillRoom, newcomer, open, signUp, submit } from "./support/verbs";
import { form, places, words } from "./support/words";
import type { Page } from "@playwright/test";

const PICTURE = resolve(__dirname, "../../public/icon-180.png");

async function check(page: Page, what: string): Promise<void> {
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await page.waitForLoadState();
    // While it is still opening, its contrast is lower.
    await page.evaluate(() => document.getAnimations().forEach((it) => it.cancel()));
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((it) => it.html).join(" ")}`);
    expect(found, `${what}, ${scheme}`).toEqual([]);
  }
}

for (const width of [390, 1440]) {
  test(`axe finds nothing on any page at ${width} px`, async ({ page, browser, complaints, server }) => {
    test.setTimeout(300_000);
    complaints.expectStatus(401, 404, 410, 422);
    await page.setViewportSize({ width, height: 844 });
    await open(page, "/sign-in");
    await check(page, "sign-in");
    await submit(page, "sign_in", { email: "nobody@example.org", password: "모르겠어요" });
    await check(page, "refused sign-in");
    await open(page, "/sign-up");
    await check(page, "sign-up");
    await submit(page, "sign_up", { name: "", email: "?", password: "" });
    await check(page, "refused sign-up");
    await open(page, "/sign-in/code");
    await submit(page, "submit_code", { code: "1" });
    await check(page, "a refused code");

    const minji = newcomer("민지");
    await signUp(page, minji);
    await check(page, "empty home");
    const room = await createRoom(page, "공부방");
    await connected(page);
    await check(page, "empty room");
    await fillRoom(page, room, ["안녕", "https://example.com 봐요", "👍"]);
    await expect(page.locator(places.messages)).toHaveCount(3);
    await check(page, "room");
    await page.locator(".people-button").click();
    await check(page, "people");
    await open(page, "/");
    await page.locator(places.settings).click();
    await check(page, "home with its menu");
    await open(page, "/account");
    await check(page, "account");
    await open(page, "/account/email");
    await submit(page, "change_email", { email: "?", password: "" });
    await check(page, "a refused address");
    await open(page, "/account/password");
    await check(page, "a new password");
    await open(page, "/account/delete");
    await submit(page, "delete_account", { password: "" });
    await check(page, "not sure about leaving");
    await open(page, "/account/two-step");
    await check(page, "second step off");
    await submit(page, "begin_two_factor", { password: minji.password });
    await page.locator(".qr").waitFor();
    await submit(page, "confirm_two_factor", { code: "1" });
    await check(page, "second step being set up");
    await open(page, "/people");
    await check(page, "everybody");
    await open(page, "/people?q=xyzzy");
    await check(page, "nobody found");
    await open(page, "/profiles");
    await submit(page, "create_profile", { name: "은빛 기사" });
    await check(page, "a profile that is not the default");
    await page.locator('a[href$="/picture"]').click();
    await submit(page, "set_avatar");
    await check(page, "a refused picture");
    await page.locator(`${form("set_avatar")} [name=picture]`).setInputFiles(PICTURE);
    await page.locator("canvas").waitFor();
    await check(page, "a picture being cut");
    await submit(page, "set_avatar");
    await page.locator(".card img").waitFor();
    await submit(page, "rename_profile", { name: "" });
    await check(page, "a refused name");
    await open(page, "/profiles");
    await check(page, "profiles");
    await open(page, "/people");
    await page.locator(places.avatarRows).last().click();
    await check(page, "one's own card");
    await open(page, "/rooms");
    await check(page, "open rooms");
    await open(page, "/rooms?q=xyzzy");
    await check(page, "no such open room");
    await open(page, `/room/${room}/settings`);
    await check(page, "settings of a room");
    await submit(page, "update_room", { title: "", description: "가".repeat(501) });
    await check(page, "a refused arrangement");
    await open(page, `/room/${room}/invite`);
    await check(page, "whom to invite");
    await submit(page, "create_invite_link");
    await page.locator(".qr").waitFor();
    await check(page, "an invitation link");
    const link = await page.locator("#link").inputValue();
    await open(page, `/room/${room}/invite`);
    await check(page, "links that work");
    await server.run("admin", minji.email);
    await open(page, "/account");
    await check(page, "account of an administrator");
    for (const section of ["people", "rooms", "sign-up", "log"]) {
      await open(page, `/admin/${section}`);
      await check(page, section);
    }
    const seoyeon = newcomer("서연");
    const hers = await (await browser.newContext({ viewport: { width, height: 844 } })).newPage();
    await signUp(hers, seoyeon);
    await open(page, `/admin/people?q=${seoyeon.email}`);
    await page.locator(".entries .avatar-row").last().click();
    await check(page, "somebody who lives here");
    await page.getByRole("button", { name: words.makeReset }).click();
    await page.locator("#link").waitFor();
    await check(page, "a link for a new password");
    const reset = await page.locator("#link").inputValue();
    await open(hers, "/");
    await check(hers, "what was done to one's account");
    await open(page, "/room/none");
    await check(page, "404");

    const visitor = await browser.newContext({ viewport: { width, height: 844 } });
    const junho = await visitor.newPage();
    await open(junho, link);
    await check(junho, "an invitation to a stranger");
    await open(junho, reset);
    await check(junho, "choosing a new password");
    await open(junho, "/join/none");
    await check(junho, "an invitation that has ended");
    await signUp(junho, newcomer("준호"));
    await open(junho, link);
    await check(junho, "an invitation");
    await open(junho, `/room/${room}`);
    await check(junho, "door");
    await junho.getByRole("button", { name: words.enterThis }).click();
    await junho.locator(places.events).waitFor();
    await open(page, `/room/${room}/settings`);
    await page.locator("summary").filter({ hasText: words.manage }).click();
    await page.locator("summary").filter({ hasText: words.leaveRoom }).click();
    await check(page, "what can be done about a member");
    await open(page, `/room/${room}`);
    await expect(page.locator(places.events)).toHaveCount(1);
    await check(page, "a room in which something happened");
  });
}
