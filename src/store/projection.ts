import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

/** The columnar projection in an embedded DuckDB file. */
export class Projection {
  private readonly instance: DuckDBInstance

  private constructor(instance: DuckDBInstance) {
    this.instance = instance
  }

  static async open(file: string): Promise<Projection> {
    return new Projection(await DuckDBInstance.create(file))
  }

  async connect(): Promise<DuckDBConnection> {
    return this.instance.connect()
  }

  close(): void {
    this.instance.closeSync()
  }
}
