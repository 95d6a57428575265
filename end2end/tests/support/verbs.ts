import { randomUUID } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { expect } from "./test";
import { form, places, words } from "./words";

export type TestUser = { name: string; email: string; password: string };

/** A user who has not signed up yet. */
export function newcomer(name: string): TestUser {
  return { name, email: `${randomUUID()}@example.org`, password: "솔숲에 부는 바람 7" };
}

/** Whether this page runs scripts; each context may choose for itself. */
export async function runsScripts(page: Page): Promise<boolean> {
  return page.evaluate(() => !matchMedia("(scripting: none)").matches);
}

/**
 * Waits for hydration. Before it a form works too, but without scripts: so a test knows which of the two it tests.
 * Pages without a page context do not hydrate.
 */
export async function hydrated(page: Page): Promise<void> {
  if (!(await runsScripts(page)) || (await page.locator("#page-context").count()) === 0) return;
  await page.locator("html[data-hydrated]").waitFor();
}

function isAuthPage({ pathname }: URL): boolean {
  return /^\/sign-(in|up)/.test(pathname);
}

export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await hydrated(page);
}

/**
 * Leaves the instance before another user does something that makes an open page navigate by itself: that would
 * cancel a navigation of the test at the same moment.
 */
export async function goAway(page: Page): Promise<void> {
  await page.goto("about:blank");
}

/** Fills the form of that server function and submits it; the caller waits for the result. */
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

export async function signUp(page: Page, user: TestUser): Promise<void> {
  await open(page, "/sign-up");
  await submit(page, "sign_up", user);
  await inside(page);
}

export async function signIn(page: Page, { email, password }: TestUser): Promise<void> {
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

/** Makes a room and returns its id. */
export async function createRoom(page: Page, title: string): Promise<string> {
  await open(page, "/");
  await submit(page, "create_room", { title });
  return inRoom(page);
}

/** Joins by the form of the home page; `room` is an id or a whole link. */
export async function enterRoom(page: Page, room: string): Promise<string> {
  await open(page, "/");
  await submit(page, "join_room", { room });
  return inRoom(page);
}

/** Where the user types a message. */
export function composer(page: Page): Locator {
  return page.locator(form("post_message")).locator("[name=text]");
}

/** A new user in a room of their own, connected; returns the room's id. */
export async function alone(page: Page, user: TestUser = newcomer("민지")): Promise<string> {
  await signUp(page, user);
  const room = await createRoom(page, "공부방");
  await connected(page);
  return room;
}

/** Types and sends a message, and waits until the server has acknowledged it. */
export async function say(page: Page, text: string): Promise<void> {
  const draft = composer(page);
  await draft.fill(text);
  if (await runsScripts(page)) {
    await draft.press("Enter");
  } else {
    await page.locator(form("post_message")).getByRole("button", { name: words.send }).click();
  }
  await expect(lines(page).filter({ hasText: text }).last()).toBeVisible();
  await expect(page.locator(places.pending)).toHaveCount(0);
}

/** The texts of the messages: `await expect(lines(page)).toHaveText([…])`. */
export function lines(page: Page): Locator {
  return page.locator(places.messages).locator(places.text);
}

/** Waits until the tab is connected; without scripts there is nothing to wait for. */
export async function connected(page: Page): Promise<void> {
  if (await runsScripts(page)) await page.locator('[data-link="open"]').waitFor({ state: "attached" });
}

/** The texts of so many messages, each with its number. */
export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${index + 1}번째`);
}

/** Fills a room with messages faster than by typing: calls the form's server function. */
export async function fillRoom(page: Page, room: string, texts: string[]): Promise<void> {
  for (const text of texts) {
    const form = { room, client_id: randomUUID(), text };
    const answer = await page.request.post("/api/post_message", { form });
    expect(answer.status()).toBe(200);
  }
}

async function inside(page: Page): Promise<void> {
  await page.waitForURL((url) => !isAuthPage(url));
  await hydrated(page);
}

async function inRoom(page: Page): Promise<string> {
  await page.waitForURL(/\/room\/[^/?]+/);
  await hydrated(page);
  return new URL(page.url()).pathname.split("/")[2] ?? "";
}
