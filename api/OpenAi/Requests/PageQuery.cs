using System.Globalization;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.OpenAi.Wire;

namespace Ollama.Platform.Api.OpenAi.Requests;

/// <summary>Which part of a list is asked for: <c>limit</c>, <c>order</c> and <c>after</c>.</summary>
/// <param name="Limit">Most entries.</param>
/// <param name="NewestFirst">Turns the list around.</param>
/// <param name="After">The entry behind which the part begins; null for the beginning.</param>
internal sealed record PageQuery(int Limit, bool NewestFirst, string? After)
{
    /// <summary>How many entries most lists give unless they are asked.</summary>
    public const int LimitDefault = 20;

    /// <summary>Most entries that most lists can be asked for.</summary>
    public const int LimitMax = 100;

    /// <summary>Reads the query of a request.</summary>
    /// <param name="query">The query.</param>
    /// <param name="limitDefault">How many entries unless it says.</param>
    /// <param name="newestFirst">The order unless it says.</param>
    /// <param name="limitMax">Most entries that can be asked for.</param>
    /// <exception cref="Contracts.Errors.ModelException">A value has no meaning.</exception>
    public static PageQuery Read(IQueryCollection query, int limitDefault, bool newestFirst, int limitMax = LimitMax)
    {
        var limit = limitDefault;
        if (query["limit"].ToString() is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                || limit < 1 || limit > limitMax))
        {
            throw GoJsonErrors.Refuse($"limit must be between 1 and {limitMax}: {GoText.Quote(text)}");
        }

        var order = query["order"].ToString();
        if (order is not ("" or "asc" or "desc"))
        {
            throw GoJsonErrors.Refuse($"order must be \"asc\" or \"desc\": {GoText.Quote(order)}");
        }

        var after = query["after"].ToString();
        return new PageQuery(limit, order.Length == 0 ? newestFirst : order == "desc", after.Length > 0 ? after : null);
    }

    /// <summary>Reads <c>true</c> or <c>false</c>; null when it is not there.</summary>
    /// <exception cref="Contracts.Errors.ModelException">It is something else.</exception>
    public static bool? ReadFlag(IQueryCollection query, string name) => query[name].ToString() switch
    {
        "" => null,
        "true" => true,
        "false" => false,
        var other => throw GoJsonErrors.Refuse($"{name} must be \"true\" or \"false\": {GoText.Quote(other)}"),
    };

    /// <summary>The part of a list.</summary>
    /// <param name="entries">All entries, the oldest first.</param>
    /// <param name="idOf">The name of an entry.</param>
    /// <exception cref="Contracts.Errors.ModelException">The entry behind which to begin is none of them.</exception>
    public PageWire<T> Take<T>(IEnumerable<T> entries, Func<T, string> idOf)
    {
        T[] ordered = NewestFirst ? [.. entries.Reverse()] : [.. entries];
        var start = After is null ? 0 : Array.FindIndex(ordered, entry => idOf(entry) == After) + 1;
        if (After is not null && start == 0)
        {
            throw GoJsonErrors.Refuse($"after names nothing in the list: {GoText.Quote(After)}");
        }

        T[] part = [.. ordered.Skip(start).Take(Limit)];
        return new PageWire<T>(
            part, part.Length > 0 ? idOf(part[0]) : null, part.Length > 0 ? idOf(part[^1]) : null,
            ordered.Length - start > Limit);
    }
}
