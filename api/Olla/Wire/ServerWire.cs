namespace Ollama.Platform.Api.Olla.Wire;

/// <summary>The answer of <c>/version</c>.</summary>
/// <param name="Name">The product.</param>
/// <param name="Version">Its version.</param>
/// <param name="Build">How it was built.</param>
internal sealed record VersionWire(string Name, string Version, BuildWire Build);

/// <summary>How the program was built.</summary>
/// <param name="Version">Version of the product.</param>
/// <param name="Commit">The commit that it was built from.</param>
/// <param name="Runtime">What it runs on.</param>
internal sealed record BuildWire(string Version, string Commit, string Runtime);

/// <summary>The answer of <c>/internal/process</c>.</summary>
/// <param name="Pid">The process.</param>
/// <param name="StartedAt">When counting began, RFC 3339 in UTC.</param>
/// <param name="UptimeSeconds">Seconds since then.</param>
/// <param name="Memory">What it takes.</param>
/// <param name="Cpu">What it computes with.</param>
/// <param name="Connections">Who is being answered.</param>
/// <param name="Runtime">What it runs on.</param>
internal sealed record ProcessWire(
    int Pid, string StartedAt, long UptimeSeconds, MemoryWire Memory, CpuWire Cpu, ConnectionsWire Connections,
    RuntimeWire Runtime);

/// <summary>Memory of the process; weights are not among the managed.</summary>
/// <param name="AllocMb">Managed memory in use.</param>
/// <param name="TotalAllocMb">Managed memory that was ever taken.</param>
/// <param name="SysMb">Memory of the machine that the process holds.</param>
/// <param name="GcRuns">How often memory was collected.</param>
/// <param name="GcPauseMs">How long all of that held the program up.</param>
internal sealed record MemoryWire(double AllocMb, double TotalAllocMb, double SysMb, int GcRuns, double GcPauseMs);

/// <summary>Threads and processor time.</summary>
/// <param name="Threads">Threads of the pool.</param>
/// <param name="CpuSeconds">Processor time so far.</param>
internal sealed record CpuWire(int Threads, double CpuSeconds);

/// <summary>Requests.</summary>
/// <param name="Active">Those that are being answered.</param>
/// <param name="TotalCreated">Those that were.</param>
internal sealed record ConnectionsWire(int Active, long TotalCreated);

/// <summary>What the process runs on.</summary>
/// <param name="Version">The runtime.</param>
/// <param name="Os">The system.</param>
/// <param name="Arch">The processor.</param>
/// <param name="MaxProcs">Processors that it may use.</param>
internal sealed record RuntimeWire(string Version, string Os, string Arch, int MaxProcs);
