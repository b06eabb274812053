import { type Command, InvalidArgumentError } from 'commander'
import { type Config, readConfig } from '../config.ts'

/** Options that every command which starts something has. */
export interface StartOptions {
  data?: string
  port?: number
  browser?: boolean
}

export function withStartOptions(command: Command, defaultData: string): Command {
  return command
    .option('--data <folder>', `where everything is kept (default: ${defaultData}; environment: TROTH_DATA)`)
    .option('--port <number>', 'port to listen on (default: 4321; environment: TROTH_PORT)', portNumber)
    .option('--no-browser', 'do not open the browser (environment: TROTH_BROWSER=0)')
}

export function configOf(options: StartOptions, defaultData?: string): Config {
  // Commander gives `browser: true` when --no-browser was not said; then the environment decides.
  return readConfig({
    data: options.data,
    defaultData,
    port: options.port,
    browser: options.browser === false ? false : undefined,
  })
}

function portNumber(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new InvalidArgumentError('a port is a number from 0 to 65535')
  return port
}
