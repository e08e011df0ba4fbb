// @ts-nocheck: it runs in a browser, whose types the rest of the package must not see.
'use strict'

// In the page: the copy buttons. Without this script everything can still be read and selected.
for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false
  button.addEventListener('click', async () => {
    const source = button.parentElement.querySelector('pre')
    let copied = true
    try {
      await navigator.clipboard.writeText(source.textContent)
    } catch {
      const range = document.createRange()
      range.selectNodeContents(source)
      const selection = getSelection()
      selection.removeAllRanges()
      selection.addRange(range)
      copied = document.execCommand('copy')
    }
    const label = button.textContent
    button.textContent = copied ? 'Copied' : 'Selected'
    document.getElementById('said').textContent = copied ? 'Copied' : 'The text is selected: copy it with your keyboard'
    setTimeout(() => (button.textContent = label), 1500)
  })
}
