'use strict'

const WIDEST_BAR = 40
const EVERY = 100

/**
 * A bar on a terminal that says how far many targets are; elsewhere nothing.
 *
 * @param {NodeJS.WriteStream} stream
 * @param {import('../layout.js').Surface} to
 * @param {number} total
 */
function progressBar(stream, to, total) {
  const isShown = stream.isTTY === true && total > 1
  let done = 0
  let failed = 0
  let last = 0
  const draw = () => {
    const counts = ` ${done}/${total}${failed === 0 ? '' : `, ${failed} not ok`}`
    const width = Math.max(0, Math.min(WIDEST_BAR, to.width - counts.length - 3))
    const filled = Math.floor((done / total) * width)
    const [full, empty] = to.unicode ? ['━', '─'] : ['#', '-']
    stream.write(`\r\x1b[2K${to.paint('green', full.repeat(filled))}${to.paint('dim', empty.repeat(width - filled))}${to.paint('dim', counts)}`)
  }
  return {
    /** @param {boolean} ok */
    step(ok) {
      done += 1
      if (!ok) failed += 1
      const now = Date.now()
      if (!isShown || (now - last < EVERY && done < total)) return
      last = now
      draw()
    },
    start() {
      if (isShown) draw()
    },
    /** Makes room for a line of data, or for the end. */
    clear() {
      if (isShown) stream.write('\r\x1b[2K')
    },
  }
}

module.exports = { progressBar }
