// The sentences of the pages, in the language in which the tests read them, and the selectors of their elements.
// When a page's sentences or structure change, only this file of the tests has to follow.

export const words = {
  send: "보내기",
  retry: "다시 보내기",
  discard: "지우기",
  unsent: "못 보낸 말",
  newMessages: "새 메시지",
  older: "이전 이야기",
  newer: "다음 이야기",
  newest: "최근 이야기로",
  message: "메시지",
  reconnecting: "연결 중…",
  roomNotFound: "이 주소의 방을 찾지 못했어요",
  nothingHere: "여기엔 아무것도 없어요",
  enterThis: "이 방에 들어가기",
  wrongCredentials: "이메일이나 비밀번호가 맞지 않아요.",
  tooCommon: "너무 흔한 비밀번호예요. 다른 것으로 정해 주세요.",
  taken: "이미 가입한 이메일이에요.",
  nameMissing: "이름을 입력해 주세요.",
  notARoom: "방 링크나 아이디가 아닌 것 같아요.",
  titleMissing: "방 이름을 입력해 주세요.",
  tooLong: "4,000자까지 쓸 수 있어요.",
  account: "계정과 기기",
  email: "이메일",
  password: "비밀번호",
  changeOf: (what: string) => `${what} 바꾸기`,
  manageSecondStep: "2단계 로그인 관리",
  presentPassword: "지금 비밀번호",
  notThePassword: "지금 쓰는 비밀번호가 아니에요.",
  secondStepQr: "인증 앱에 등록하는 QR 코드",
  secondStepIsOn: "2단계 로그인이 켜져 있어요.",
  code: "인증 앱의 코드",
  wrongCode: "맞지 않거나 이미 쓴 코드예요. 다음 코드로 다시 해 보세요.",
  download: "내려받기",
  toDelete: "계정을 삭제할래요",
  sure: "되돌릴 수 없다는 것을 알아요.",
  notSure: "계속하려면 이 칸에 표시해 주세요.",
  leftMember: "떠난 멤버",
  profiles: "내 프로필",
  people: "사람들",
  addPicture: "사진 올리기",
  clearPicture: "사진 없애기",
  unreadable: "읽을 수 없는 파일이에요. PNG, JPEG, WebP, GIF 사진을 골라 주세요.",
  nameTooLong: "40자까지 쓸 수 있어요.",
  findRoom: "방 찾기",
  roomSettings: "방 설정",
  openRooms: "열린 방 둘러보기",
  accessPrivate: "초대받은 사람만",
  banned: "차단한 사람",
  lastOwner: "방장을 다른 멤버에게 넘기거나 방을 닫아야 나갈 수 있어요.",
  leaveRoom: "방 나가기",
  manage: "관리",
  manageOf: (name: string) => `${name}님 관리`,
  invite: "초대하기",
  invitedBy: (name: string) => `${name}님이 초대했어요`,
  invitedTo: (name: string, room: string) => `${name}님이 ‘${room}’에 초대했어요`,
  decline: "초대 거절하기",
  withdrawOf: (name: string) => `${name}님 초대 취소`,
  linkEnded: "쓸 수 없는 초대예요",
  copy: "복사하기",
  copied: "복사했어요",
  linkQr: "초대 링크의 QR 코드",
  admin: "집 관리",
  suspend: "정지하기",
  restore: "정지 풀기",
  hasMadeReset: (by: string) => `${by}님이 내 비밀번호 재설정 링크를 만들었어요.`,
  makeReset: "비밀번호 재설정 링크 만들기",
  log: "기록",
  suspended: "정지된 계정이에요. 관리자에게 물어봐 주세요.",
  hasSuspended: (by: string, whom: string) => `${by}님이 ${whom}님을 정지했습니다`,
  signUpClosed: "지금은 새로 가입할 수 없어요.",
  closed: "닫기",
  otherUser: "다른 계정으로 열었던 화면이에요",
  sendAs: (name: string) => `${name}님으로 보내기`,
  everybodyMaySignUp: "누구나",
  enterFromList: (room: string) => `${room}에 들어가기`,
  welcome: (name: string) => `${name}님, 어서 오세요`,
  editProfile: (name: string) => `${name} 프로필 고치기`,
  profileIn: (room: string) => `${room}에서 쓸 프로필`,
  signOutOf: (device: string) => `${device}에서 로그아웃`,
  enterOf: (title: string, short: string) => `${title} (${short})에 접속하기`,
};

/** A form by its server function: it is the same one with scripts and without. */
export const form = (name: string) => `form[action="?/${name}"]`;

export const places = {
  /** One for each message, in order. */
  messages: "[role=log] .message",
  /** One for each event, in order. */
  events: "[role=log] .event",
  /** Within a message: its text only. */
  text: ".bubble",
  /** On a message that the server has not acknowledged yet. */
  pending: "[role=log] .message-sending",
  /** The user's menu. */
  settings: ".app-shell-head summary",
  /** Within that menu's button: the user's name. */
  me: ".app-shell-head .current-user-name",
  /** One for each room of the user, in order. */
  rooms: ".rooms .room-link",
  /** One for each entry of a list on a page that the server renders alone. */
  entries: ".entries > .entry",
  /** One for each device on which the user is signed in. */
  devices: ".page-section > .entries > .entry",
  /** Within another user's message: the author's name, a link to their card. */
  messageName: ".message-name",
  /** One for each link to a user, room or profile in a list. */
  avatarRows: ".avatar-rows .avatar-row",
  /** One for each of the user's profiles. */
  profiles: 'a.avatar-row[href^="/profiles/"]',
  scroller: "#scroller",
  /** Shows the state of the connection. */
  link: ".connection-banner",
};
