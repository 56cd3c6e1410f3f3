// The page of a source: its picture shows what is marked, and the link to the questions goes back in
// the browser where an answer may still be there.

// The picture scrolls to what is marked in it: not every browser does so by the style sheet.
const mark = document.getElementById("mark");
const frame = mark?.closest(".frame");
if (frame) frame.scrollTop = mark.offsetTop - frame.clientHeight / 3;

const { navigation } = self; // not in every browser
// Addresses of other entries are hidden by our referrer policy, so this page leaves a sign instead.
navigation?.updateCurrentEntry({ state: { isSource: true } });

/**
 * The last entry before this one that is no page of a source.
 * @returns {string | undefined} its key
 */
function entryBefore() {
  const before = navigation.entries().slice(0, navigation.currentEntry.index).reverse();
  return before.find((entry) => !entry.getState()?.isSource)?.key;
}

const key = navigation && entryBefore();
if (key || (!navigation && history.length > 1)) {
  const back = document.getElementById("back");
  back.lastElementChild.textContent = back.dataset.back;
  back.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // in a new tab
    event.preventDefault();
    if (key) navigation.traverseTo(key);
    else history.back();
  });
}
