import { Component, type ReactNode } from 'react';

interface FailureProps {
  children: ReactNode;
  /** In place of what broke, where that is a part that one can do without. */
  fallback?: ReactNode;
}

/** Shown in place of what broke; what was written is kept, and a reload brings it back. */
export class Failure extends Component<FailureProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    if (this.props.fallback !== undefined) return this.props.fallback;
    return (
      <div className="nowhere" role="alert">
        <h1>Something broke on this page</h1>
        <p>Nothing that you sent is lost.</p>
        <button type="button" className="button" onClick={() => location.reload()}>
          Load it again
        </button>
      </div>
    );
  }
}
