/** Whether the site itself answered: it numbers every answer. A hotel's or a bus's own sign-in page does not. */
export function isFromSite(response) {
  return response.headers.has("X-Request-Id");
}
