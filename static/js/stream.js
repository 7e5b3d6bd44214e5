/** A long video comes in pieces, listed by an .m3u8. Where the browser cannot put them together, hls.js does. */
import { insist } from "./behaviors.js";

const KIND = "application/vnd.apple.mpegurl";

export default async function stream(picture) {
  if (picture.canPlayType(KIND)) return;
  const { default: Hls } = await insist(loadPlayer);
  if (!Hls.isSupported()) return; // the words inside of the video say so, and the transcript is there
  // No worker of its own: the page's content policy allows none. A few pieces ahead are enough for a tunnel.
  const player = new Hls({ enableWorker: false, maxBufferLength: 60, backBufferLength: 30 });
  player.on(Hls.Events.ERROR, (_event, fault) => recover(Hls, player, fault));
  player.loadSource(picture.src);
  player.attachMedia(picture);
}

/** Fetched only by pages with such a video, or to take one along. */
export function loadPlayer() {
  return import("hls.js/light");
}

/** Without a signal it stops, and goes on when there is one. */
function recover(Hls, player, { fatal, type }) {
  if (!fatal) return;
  if (type === Hls.ErrorTypes.MEDIA_ERROR) player.recoverMediaError();
  else if (navigator.onLine) setTimeout(() => player.startLoad(), 3000);
  else window.addEventListener("online", () => player.startLoad(), { once: true });
}
