import { randomUUID } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { expect } from "./test";
import { form, places, words } from "./words";

export type Person = { name: string; email: string; password: string };

/** Somebody whom this instance has never seen. */
export function newcomer(name: string): Person {
  return { name, email: `${randomUUID()}@example.org`, password: "솔숲에 부는 바람 7" };
}

/** Whether this page runs scripts; each context may choose for itself. */
export async function runsScripts(page: Page): Promise<boolean> {
  return page.evaluate(() => !matchMedia("(scripting: none)").matches);
}

/**
 * Until then a form works all the same, but as a form: wait, so that a test knows which it tests.
 * Pages without data for scripts stay the browser's own.
 */
export async function hydrated(page: Page): Promise<void> {
  if (!(await runsScripts(page)) || (await page.locator("#page-context").count()) === 0) return;
  await page.locator("html[data-hydrated]").waitFor();
}

function isGate({ pathname }: URL): boolean {
  return /^\/sign-(in|up)/.test(pathname);
}

export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await hydrated(page);
}

/**
 * Leaves the instance before others do something that makes an open page move by itself: a page that
 * the test opens at that moment would be given up for it.
 */
export async function goAway(page: Page): Promise<void> {
  await page.goto("about:blank");
}

/** Fills the form of that server function and sends it; what follows is the caller's to wait for. */
export async function submit(
  page: Page,
  name: string,
  fields: Record<string, string> = {},
): Promise<void> {
  const it = page.locator(form(name));
  for (const [field, value] of Object.entries(fields)) {
    await it.locator(`[name="${field}"]`).fill(value);
  }
  await it.locator("button:not([type=button])").click();
}

export async function signUp(page: Page, person: Person): Promise<void> {
  await open(page, "/sign-up");
  await submit(page, "sign_up", person);
  await inside(page);
}

export async function signIn(page: Page, { email, password }: Person): Promise<void> {
  await open(page, "/sign-in");
  await submit(page, "sign_in", { email, password });
  await inside(page);
}

export async function signOut(page: Page): Promise<void> {
  await page.locator(places.settings).click();
  await submit(page, "sign_out");
  await page.waitForURL(/\/sign-in/);
  await hydrated(page);
}

/** Answers the new room's id. */
export async function createRoom(page: Page, title: string): Promise<string> {
  await open(page, "/");
  await submit(page, "create_room", { title });
  return inRoom(page);
}

/** By the form of the home page; `room` is an id or a whole link. */
export async function enterRoom(page: Page, room: string): Promise<string> {
  await open(page, "/");
  await submit(page, "join_room", { room });
  return inRoom(page);
}

/** Sends as a person would, and waits until the server has acknowledged it. */
export async function say(page: Page, text: string): Promise<void> {
  const composer = page.locator(form("post_message"));
  const draft = composer.locator("[name=text]");
  await draft.fill(text);
  if (await runsScripts(page)) {
    await draft.press("Enter");
  } else {
    await composer.getByRole("button", { name: words.send }).click();
  }
  await expect(lines(page).filter({ hasText: text }).last()).toBeVisible();
  await expect(page.locator(places.pending)).toHaveCount(0);
}

/** The texts of the conversation: `await expect(lines(page)).toHaveText([…])`. */
export function lines(page: Page): Locator {
  return page.locator(places.messages).locator(places.text);
}

/** Once the tab hears of what happens; without scripts there is nothing to wait for. */
export async function connected(page: Page): Promise<void> {
  if (await runsScripts(page)) await page.locator('[data-link="open"]').waitFor({ state: "attached" });
}

/** Fills a room with lines, faster than anybody types: by the function that the form calls. */
export async function fillRoom(page: Page, room: string, texts: string[]): Promise<void> {
  for (const text of texts) {
    const form = { room, client_id: randomUUID(), text };
    const answer = await page.request.post("/api/post_message", { form });
    expect(answer.status()).toBe(200);
  }
}

async function inside(page: Page): Promise<void> {
  await page.waitForURL((url) => !isGate(url));
  await hydrated(page);
}

async function inRoom(page: Page): Promise<string> {
  await page.waitForURL(/\/room\/[^/?]+/);
  await hydrated(page);
  return new URL(page.url()).pathname.split("/")[2] ?? "";
}
