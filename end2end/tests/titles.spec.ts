// The window's title: on every page, with scripts and without.
import { expect, test } from "./support/test";
import { createRoom, newcomer, open, signUp } from "./support/verbs";
import { words } from "./support/words";
import type { Page } from "@playwright/test";

async function isCalled(page: Page, path: string, title: string): Promise<void> {
  await open(page, path);
  await expect(page, path).toHaveTitle(title);
  // The same string that a bookmark would get.
  expect(await page.evaluate(() => document.querySelector("title")?.textContent), path).toBe(title);
}

test("every page for signed-out readers has its title", async ({ page, complaints }) => {
  complaints.expectStatus(404, 410);
  for (const [path, title] of [
    ["/sign-in", "로그인 · 사랑방"],
    ["/sign-up", "가입하기 · 사랑방"],
    ["/sign-in/code", "코드 입력 · 사랑방"],
    [`/join/${"0".repeat(32)}`, `${words.linkEnded} · 사랑방`],
    [`/reset/${"0".repeat(32)}`, "새 비밀번호 정하기 · 사랑방"],
  ] as const) {
    await isCalled(page, path, title);
  }
});

test("every page for users has its title", async ({ page, server, complaints }) => {
  complaints.expectStatus(404);
  const minji = newcomer("제목을 보는 민지");
  await signUp(page, minji);
  await server.run("admin", minji.email);
  const room = await createRoom(page, "공부방");
  await open(page, "/profiles");
  const profile = await page.locator(".avatar-rows .avatar-row, .entries .avatar-row").first().getAttribute("href");
  await open(page, `/people?q=${encodeURIComponent(minji.name)}`);
  const card = await page.locator('a[href^="/people/"]').first().getAttribute("href");
  for (const [path, title] of [
    ["/", "사랑방"],
    [`/room/${room}`, "공부방"],
    [`/room/${room}?before=1`, "공부방"],
    [`/room/${room}/settings`, "공부방 설정 · 사랑방"],
    [`/room/${room}/settings/picture`, "방 사진 · 사랑방"],
    [`/room/${room}/invite`, "공부방에 초대하기 · 사랑방"],
    ["/rooms", "열린 방 · 사랑방"],
    ["/people", "사람들 · 사랑방"],
    [card ?? "", `${minji.name}님 · 사랑방`],
    ["/profiles", "내 프로필 · 사랑방"],
    [profile ?? "", "프로필 고치기 · 사랑방"],
    [`${profile}/picture`, "프로필 사진 · 사랑방"],
    ["/account", "계정과 기기 · 사랑방"],
    ["/account/email", "이메일 바꾸기 · 사랑방"],
    ["/account/password", "비밀번호 바꾸기 · 사랑방"],
    ["/account/two-step", "2단계 로그인 · 사랑방"],
    ["/account/delete", "계정 삭제 · 사랑방"],
    ["/admin", "집 관리 · 사랑방"],
    ["/admin/people", "집 관리 · 사랑방"],
    ["/admin/rooms", "집 관리 · 사랑방"],
    ["/admin/sign-up", "집 관리 · 사랑방"],
    ["/admin/log", "집 관리 · 사랑방"],
    ["/nothing/here", words.nothingHere],
    [`/room/${"0".repeat(8)}-0000-4000-8000-${"0".repeat(12)}`, words.nothingHere],
  ] as const) {
    await isCalled(page, path, title);
  }
});

test("a name is text in the title, whatever is in it", async ({ page }) => {
  await signUp(page, newcomer("민지"));
  for (const title of ["</title><b>굵게</b>", "<!-- 주석 --> & &amp;", "큰따옴표 \" 작은따옴표 '"]) {
    const room = await createRoom(page, title);
    await isCalled(page, `/room/${room}`, title);
    await isCalled(page, `/room/${room}/settings`, `${title} 설정 · 사랑방`);
  }
});
