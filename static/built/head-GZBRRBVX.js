var t=document.documentElement;document.cookie.includes("signed_in=")&&t.classList.add("is-signed-in");try{let e=localStorage.getItem("theme");(e==="light"||e==="dark")&&(t.dataset.theme=e)}catch{}
