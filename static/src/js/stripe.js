// Cards and banks by Stripe.js, on the two pages that need it. What one types goes from Stripe's
// own frame to Stripe: this page is told nothing but a name for it. https://docs.stripe.com/js
const words = document.getElementById("words").dataset;
const form = document.querySelector("form[data-stripe]");
const button = form.querySelector("button");
const complaint = form.querySelector("[role=alert]");

document.querySelector("[data-without-script]").remove();

function complain(text) {
  complaint.textContent = text;
  complaint.hidden = !text;
}

function busy(isBusy) {
  button.disabled = isBusy;
  form.setAttribute("aria-busy", String(isBusy));
}

function load(source) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

// Whatever fails on the way is said, and the form is there to be sent again.
function whenSent(work) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    complain("");
    busy(true);
    try {
      const refusal = await work();
      if (!refusal) return form.submit();
      complain(refusal);
    } catch {
      complain(words.offline);
    }
    busy(false);
  });
}

// The same intent for each try: a card that is refused may be followed by another one.
async function secretOf(intent) {
  const answer = await fetch(form.dataset.prepare, { method: "POST", body: new FormData(form) });
  const told = answer.headers.get("Content-Type") === "application/json" ? await answer.json() : {};
  intent.secret = told.client_secret;
  return told.client_secret ? "" : (told.refusal ?? words.failed);
}

function takeCard(stripe) {
  const isDark = getComputedStyle(document.documentElement).colorScheme === "dark"
    || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  const elements = stripe.elements({
    mode: "setup",
    currency: form.dataset.currency,
    paymentMethodTypes: ["card"],
    appearance: { theme: isDark ? "night" : "stripe" },
  });
  const card = elements.create("payment");
  card.on("ready", () => busy(false));
  card.on("loaderror", () => complain(form.dataset.away));
  card.on("change", () => complain(""));
  card.mount(form.querySelector("[data-card]"));
  const intent = { secret: "" };
  whenSent(async () => {
    const { error: incomplete } = await elements.submit();
    if (incomplete) return incomplete.message;
    const refusal = intent.secret ? "" : await secretOf(intent);
    if (refusal) return refusal;
    const { error, setupIntent } = await stripe.confirmSetup({
      elements,
      clientSecret: intent.secret,
      confirmParams: { return_url: location.href },
      redirect: "if_required",
    });
    const known = setupIntent ?? error.setup_intent; // it may have succeeded before
    if (known?.status !== "succeeded") return error?.message ?? words.failed;
    form.elements.token.value = known.id;
    return "";
  });
}

// What the bank said is asked of Stripe by the server: it is told that there is something to ask.
function askBank(stripe) {
  busy(false);
  whenSent(async () => {
    const { error } = await stripe.handleNextAction({ clientSecret: form.dataset.secret });
    return error && !error.payment_intent ? error.message : "";
  });
}

try {
  await load(form.dataset.stripe);
  const stripe = window.Stripe(form.dataset.key, { locale: document.documentElement.lang });
  if (form.dataset.secret) askBank(stripe);
  else takeCard(stripe);
} catch {
  complain(form.dataset.away);
}
