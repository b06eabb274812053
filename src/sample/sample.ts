export { sampleEvents, sampleVoices } from './sample-events.ts'
