declare module 'postject' {
  export interface InjectOptions {
    readonly sentinelFuse: string;
    readonly machoSegmentName?: string;
  }
  const postject: {
    /** Writes a resource into an executable file. */
    inject(program: string, resource: string, data: Uint8Array, options: InjectOptions): Promise<void>;
  };
  export default postject;
}
