/** The command that searches over the schedules of a scenario and debugs the one that is picked. */
import * as vscode from 'vscode';
import { chooseScenario, type ChosenScenario } from './choose-scenario.ts';
import { pathOf } from './documents.ts';
import type { Exploration } from './exploration.ts';
import type { SearchTeam } from './search-team.ts';

/** Registers `Explore Schedules`, of the palette and of the links above scenarios. */
export function registerExploring(extensionUri: vscode.Uri): vscode.Disposable {
  return vscode.commands.registerCommand(
    'coroscope.exploreSchedules',
    async (uri?: vscode.Uri, name?: string) => {
      const chosen = await chooseScenario(uri, name);
      if (chosen !== undefined) await exploreSchedules(chosen, extensionUri);
    },
  );
}

async function exploreSchedules(
  { document, scenario }: ChosenScenario,
  extensionUri: vscode.Uri,
): Promise<void> {
  const { startExploration } = await import('./engine.ts');
  const exploration = startExploration(pathOf(document.uri), document.getText(), scenario);
  if ('problem' in exploration) {
    void vscode.window.showErrorMessage(exploration.problem);
    return;
  }
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Exploring {0}', exploration.name),
      cancellable: true,
    },
    async (progress, token) =>
      exploration.run(await searchTeam(extensionUri), {
        tell: (message) => progress.report({ message }),
        isCancelled: () => token.isCancellationRequested,
        cancelled: new Promise((resolve) => {
          token.onCancellationRequested(resolve);
        }),
      }),
  );
  const schedule = await pickSchedule(exploration);
  if (schedule !== undefined) await debugSchedule({ document, scenario }, schedule);
}

/** Workers, if this host lets us have them: then it stays free for others. */
async function searchTeam(extensionUri: vscode.Uri): Promise<SearchTeam> {
  const { bundleName, hostTeam, workerTeam, workerText } = await import('./engine.ts');
  try {
    const file = vscode.Uri.joinPath(extensionUri, 'dist', bundleName);
    const bundle = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    const isShared = 'SharedArrayBuffer' in globalThis;
    return (await workerTeam(workerText(bundle), isShared)) ?? hostTeam();
  } catch {
    return hostTeam();
  }
}

/** Shows every way the scenario can end; gives the schedule of the one that is picked. */
async function pickSchedule(exploration: Exploration): Promise<string | undefined> {
  const outcomes = exploration.outcomes();
  const title = `${exploration.name}: ${exploration.summary()}`;
  if (outcomes.length === 0) {
    void vscode.window.showWarningMessage(title);
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(
    outcomes.map(({ name, isExpected, counts, schedule }) => ({
      label: `$(${isExpected ? 'pass' : 'error'}) ${name}`,
      description: isExpected ? '' : vscode.l10n.t('not expected'),
      detail: counts,
      schedule,
    })),
    {
      title,
      placeHolder: vscode.l10n.t('Pick an outcome to step through a schedule that leads to it'),
      ignoreFocusOut: true,
    },
  );
  return picked?.schedule;
}

/** Stops at the first line: the way there is what the user wants to see. */
async function debugSchedule(
  { document, scenario }: ChosenScenario,
  schedule: string,
): Promise<void> {
  await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(document.uri), {
    type: 'coroscope',
    request: 'launch',
    name: scenario,
    program: pathOf(document.uri),
    scenario,
    trace: schedule,
    stopOnEntry: true,
  });
}
