// The theme button: dark or light, remembered in a cookie that the server reads, so that no page flashes.
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
const buttons = document.querySelectorAll("[data-act=theme]");
const show = () => buttons.forEach((button) => button.setAttribute("aria-pressed", String(isDark())));

buttons.forEach((button) => button.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  show();
}));
system.addEventListener("change", show);
show();
