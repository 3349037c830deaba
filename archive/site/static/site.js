// Everything works without this script. With it a number opens beside the form without a new page.
(function () {
  "use strict";

  // The newest years stand last: on a narrow screen they are what is seen first.
  document.querySelectorAll(".matrix").forEach(function (matrix) {
    matrix.parentElement.scrollLeft = matrix.scrollWidth;
  });

  var reading = document.querySelector(".reading");
  if (!reading || !window.fetch || !window.history.pushState) return;

  function choose(href, push) {
    fetch(href, { credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok) throw new Error(answer.status);
        return answer.text();
      })
      .then(function (page) {
        var other = new DOMParser().parseFromString(page, "text/html");
        document.getElementById("proof").replaceWith(other.getElementById("proof"));
        reading.className = other.querySelector(".reading").className;
        mark(new URL(href, location.href).searchParams.get("cell"));
        if (push) history.pushState({}, "", href);
        var proof = document.getElementById("proof");
        if (window.innerWidth < 900) proof.scrollIntoView();
        proof.focus({ preventScroll: true });
      })
      .catch(function () {
        location.href = href;
      });
  }

  function mark(cell) {
    document.querySelectorAll(".sheet .num[aria-current]").forEach(function (link) {
      link.removeAttribute("aria-current");
    });
    document.querySelectorAll(".sheet .num").forEach(function (link) {
      if (link.dataset.cell === cell) link.setAttribute("aria-current", "true");
    });
    uncover();
  }

  // A wide table hides its last columns on a narrow screen: the chosen cell is moved into view.
  function uncover() {
    var link = document.querySelector(".sheet .num[aria-current]");
    var box = link && link.closest(".scroll");
    if (box) box.scrollLeft += link.getBoundingClientRect().right - box.getBoundingClientRect().right + 8;
  }
  uncover();

  document.addEventListener("click", function (event) {
    var link = event.target.closest(".reading a[data-cell], .proof a.clear");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    choose(link.href, true);
  });
  window.addEventListener("popstate", function () {
    choose(location.href, false);
  });

  // A sandboxed frame lays its page out before it is told how wide it is; a jump to the cell that
  // comes first ends elsewhere (7 of 12 loads in Chromium 156). So it is aimed again, once, when the
  // page is there; each aim is a load too.
  function aim(frame) {
    if (!frame.matches || !frame.matches(".page-frame[src*='#']") || frame.dataset.aimed) return;
    frame.dataset.aimed = "true";
    frame.contentWindow.location.replace(frame.src); // no entry of its own in the history
  }
  document.addEventListener(
    "load",
    function (event) {
      aim(event.target);
    },
    true,
  );
  window.addEventListener("load", function () {
    document.querySelectorAll(".page-frame").forEach(aim);
  });
})();
